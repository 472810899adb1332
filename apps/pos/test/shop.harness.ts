import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadConfig } from '@onecount/config';
import { createServiceClient } from '@onecount/graphql';
import { createInternalTokenSigner, generateSigningKey } from '@onecount/identity';
import { runService, type Host, type ServiceDefinition } from '@onecount/service';
import { emptyDatabase, testDatabase, timeoutFactor } from '@onecount/testing';
import pg from 'pg';
import type { z } from 'zod';
import { configSchema } from '../src/config.ts';
import { productChanged } from '../src/consumers/product-changed.ts';
import { definition } from '../src/service.ts';
import { graphqlOver, operationsOf, productEvent, tenantA } from './pos.harness.ts';

type App = { definition: ServiceDefinition<any>; configSchema: z.ZodObject };
type Tracking = 'QUANTITY' | 'SERIAL';

// An app may not depend on another one: the path is put together at run time, in tests alone.
async function neighbour(app: string): Promise<App> {
  const source = (file: string) => import(join(import.meta.dirname, '../..', app, 'src', file));
  const [{ definition: service }, { configSchema: schema }] = await Promise.all([
    source('service.ts'),
    source('config.ts'),
  ]);
  return { definition: service, configSchema: schema };
}

const idleHost: Host = { exit: () => {}, onStopRequested: () => {}, onCrash: () => {} };

/** pos and the real inventory, each as its process runs it, on PostgreSQL and the embedded event log. */
export async function startShop(posSettings: Record<string, string> = {}) {
  const [gateway, pos, catalog] = await Promise.all(
    ['gateway', 'pos', 'catalog'].map((service) => generateSigningKey(service)),
  );
  const trusted = { keys: [gateway!.publicJwk, pos!.publicJwk, catalog!.publicJwk] };
  const databases = {
    pos: await testDatabase('pos', { poolMax: 2 }),
    inventory: await testDatabase('inventory', { poolMax: 2 }),
    log: await emptyDatabase(),
  };
  const shared = {
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'silent',
    TIMEOUT_FACTOR: String(timeoutFactor),
    EVENT_LOG_URL: databases.log.ownerUrl,
    KAFKA_PARTITIONS: '2',
    INTERNAL_TRUSTED_KEYS: JSON.stringify(trusted),
  };
  const real = await neighbour('inventory');
  const inventory = await runService(
    real.definition,
    loadConfig(real.configSchema, { ...shared, DATABASE_URL: databases.inventory.url }),
    idleHost,
  );
  const posEnv: Record<string, string> = {
    ...shared,
    DATABASE_URL: databases.pos.url,
    INTERNAL_SIGNING_KEY: JSON.stringify(pos!.privateJwk),
    INVENTORY_URL: inventory.url,
    CATALOG_URL: 'http://127.0.0.1:1',
    PUBLIC_URL: 'http://pos.test',
    DOWNLOAD_SIGNING_SECRET: 'a secret of at least thirty-two characters',
    ...posSettings,
  };
  const running = await runService(definition, loadConfig(configSchema, posEnv), idleHost);

  const signer = createInternalTokenSigner({ service: 'gateway', privateJwk: gateway!.privateJwk });
  const stock = graphqlOver(inventory.url, { signer, audience: 'inventory' });
  const asCatalog = createServiceClient({
    url: inventory.url,
    audience: 'inventory',
    timeoutFactor,
    signer: createInternalTokenSigner({ service: 'catalog', privateJwk: catalog!.privateJwk }),
  });
  const admins = {
    pos: new pg.Pool({ connectionString: databases.pos.adminUrl, max: 2 }),
    inventory: new pg.Pool({ connectionString: databases.inventory.adminUrl, max: 2 }),
  };
  const inventoryMutation = async (name: string, typename: string, input: object) => {
    const query = `mutation($input: ${typename}!) { ${name}(input: $input) { __typename ... on UserError { message } } }`;
    const variables = { input: { idempotencyKey: randomUUID(), ...input } };
    const answer = await stock(query, variables, { tenantId: tenantA, scopes: ['stock:write'] });
    const outcome = answer.data?.[name];
    if (!outcome?.__typename.endsWith('Success')) throw new Error(JSON.stringify(answer));
  };
  for (const code of ['HQ', 'GM'])
    await inventoryMutation('locationCreate', 'LocationCreateInput', { code, name: code });
  const graphql = graphqlOver(running.url, { signer });
  const receive = (
    goods: { sku: string; quantity?: number; serial?: string; serials?: string[] },
    locationCode = 'HQ',
  ) => {
    const { sku, quantity, serial, serials = serial === undefined ? [] : [serial] } = goods;
    const units = serials.map((one) => ({ serial: one }));
    const line = units.length === 0 ? { sku, quantity } : { sku, units };
    return inventoryMutation('stockReceive', 'StockReceiveInput', { locationCode, lines: [line] });
  };

  return {
    graphql,
    stock,
    signer,
    /** For a further pos process on the same databases. */
    posEnv,
    graphqlAt: (url: string) => graphqlOver(url, { signer }),
    operationsAt: (url: string) => operationsOf(graphqlOver(url, { signer })),
    ...operationsOf(graphql),
    /** A product for 100.00 EUR that both services know, with its stock at HQ. */
    async product(item: {
      sku: string;
      tracking: Tracking;
      quantity?: number;
      serial?: string;
      serials?: string[];
    }) {
      const { sku, tracking } = item;
      const event = productEvent({ sku, tracking, title: `The ${sku}` });
      const { variantId } = event.data.variants[0]!;
      const items = [{ variantId, sku, tracking, title: `The ${sku}` }];
      const register = {
        name: 'Register',
        query: `mutation Register($input: StockItemsRegisterInput!) { stockItemsRegister(input: $input) { __typename } }`,
      };
      const caller = { tenantId: tenantA, subject: 'test' };
      await asCatalog.call(caller, register, { input: { items } });
      await receive(item);
      await databases.pos.db.inTransaction(tenantA, (tx) => productChanged.handle(tx, event));
    },
    /** More of it, at HQ or at GM. */
    receive,
    /** Past the tenant walls. */
    async rows<Row = Record<string, any>>(
      app: keyof typeof admins,
      text: string,
      values = [] as unknown[],
    ) {
      return (await admins[app].query(text, values)).rows as Row[];
    },
    async stop() {
      await running.stop();
      await inventory.stop();
      await asCatalog.close();
      await Promise.all(Object.values(admins).map((pool) => pool.end()));
      await Promise.all(Object.values(databases).map((database) => database.drop()));
    },
  };
}

export type Shop = Awaited<ReturnType<typeof startShop>>;
