import { uuidv7 } from '@onecount/db';
import { newEvent, type EventData, type EventType } from '@onecount/events';
import { createSubgraphServer } from '@onecount/graphql';
import type { EventHandler } from '@onecount/messaging';
import { createLogger } from '@onecount/telemetry';
import { eventually, testDatabase, type TestDatabase } from '@onecount/testing';
import pg from 'pg';
import type { StorefrontConfig } from '../src/config.ts';
import { definition } from '../src/service.ts';

export const tenantA = '01900000-0000-7000-8000-00000000000a';
export const tenantB = '01900000-0000-7000-8000-00000000000b';

type Body = { data?: Record<string, any> | null; errors?: { message: string; extensions: any }[] };
export type Fixture = Awaited<ReturnType<typeof startStorefront>>;

type Settings = Pick<StorefrontConfig, 'ALLOW_LOOPBACK_WEBHOOKS' | 'WEBHOOK_SUSPEND_HOURS'>;
const settings: Settings = { ALLOW_LOOPBACK_WEBHOOKS: true, WEBHOOK_SUSPEND_HOURS: 72 };

/** The service on a database of its own, without gateway and broker: events go to its handlers directly. */
export async function startStorefront(options: Partial<Settings> = {}) {
  const database = await testDatabase('storefront-sync');
  const log = createLogger({ service: 'storefront-sync', level: 'silent' });
  const unused = () => {
    throw new Error('storefront-sync calls nobody');
  };
  const parts = await definition.start({
    config: { ...settings, ...options } as StorefrontConfig,
    ...{ db: database.db, log, signer: undefined, client: unused, wakeRelay: () => undefined },
  });
  const server = await createSubgraphServer({
    name: 'storefront-sync',
    typeDefs: [definition.typeDefs()],
    resolvers: parts.resolvers,
    log,
    // The token is the tenant here; verifying real ones is tested in libs/identity.
    verifyInternalToken: async (token) => {
      const [tenantId = tenantA, ...scopes] = (token ?? '').split(' ');
      return { tenantId, subject: 'clerk', issuer: 'gateway', scopes: new Set(scopes) };
    },
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  for (const task of parts.background ?? []) await task.start();
  return {
    database,
    log,
    graphql: graphqlOn(url),
    deliver: deliverTo(database, parts.handlers ?? []),
    rows: async (text: string, values?: unknown[]) => (await admin.query(text, values)).rows,
    async stop() {
      for (const task of parts.background ?? []) await task.stop();
      await server.close();
      await admin.end();
      await database.drop();
    },
  };
}

function graphqlOn(url: string) {
  return async (
    query: string,
    variables: Record<string, unknown> = {},
    as: { tenantId?: string; scopes?: string } = {},
  ): Promise<Body> => {
    const { tenantId = tenantA, scopes = 'connection:read connection:write' } = as;
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tenantId} ${scopes}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await answer.json()) as Body;
  };
}

function deliverTo({ db }: TestDatabase, handlers: EventHandler[]) {
  return async <T extends EventType>(
    type: T,
    aggregateId: string,
    data: EventData<T>,
    tenantId = tenantA,
  ): Promise<void> => {
    const sequence = (data as { version: number }).version;
    const event = newEvent(type, { tenantId, aggregateId, sequence, data });
    for (const handler of handlers.filter((one) => one.type === type))
      await db.inTransaction(tenantId, (tx) => handler.handle(tx, event as never));
  };
}

type Product = EventData<'catalog.product-changed'>;
type Level = EventData<'inventory.stock-level-changed'>;
let made = 0;

/** A one-of-a-kind piece, as catalog tells of it. */
export function brooch(change: Partial<Product> = {}): Product {
  made += 1;
  const sku = `BROOCH-${made}`;
  return {
    ...{ productId: uuidv7(), version: 1, handle: sku.toLowerCase(), title: 'Swallow brooch' },
    ...{ status: 'ACTIVE', tags: [], options: [], media: [] },
    variants: [variantOf(sku)],
    ...change,
  };
}

export const variantOf = (
  sku: string,
  change: Partial<Product['variants'][number]> = {},
): Product['variants'][number] => ({
  ...{ variantId: uuidv7(), sku, title: sku, fullTitle: `Swallow brooch - ${sku}`, position: 1 },
  ...{ optionValues: [], tracking: 'SERIAL', isActive: true, isTaxable: true },
  ...{ requiresShipping: true, ...change },
});

/** A count, as inventory tells of it. */
export function levelOf(sku: string, change: Partial<Level> = {}): Level {
  const available = change.available ?? 1;
  return {
    ...{ stockItemId: uuidv7(), sku, tracking: 'SERIAL', locationId: uuidv7(), locationCode: 'HQ' },
    ...{ onHand: available, committed: 0, available, version: 1 },
    ...change,
  };
}

export async function holds(assertion: () => unknown, timeoutMs = 15_000): Promise<void> {
  const condition = async () => {
    await assertion();
    return true;
  };
  await eventually(condition, { timeoutMs });
}

const createMutation = `mutation ($input: ConnectionCreateInput!) { connectionCreate(input: $input) {
  __typename
  ... on ConnectionCreateSuccess { webhookSecret connection { id name kind status webhookUrl
    locationCodes locationCodesUnseen } }
  ... on InvalidInput { code field message }
  ... on IdempotencyKeyReused { code idempotencyKey } } }`;

export function connectionMaker(storefront: Fixture) {
  return async (input: Record<string, unknown>, as?: { tenantId?: string; scopes?: string }) => {
    const full = { idempotencyKey: uuidv7(), name: `Shop ${uuidv7()}`, ...input };
    const answer = await storefront.graphql(createMutation, { input: full }, as);
    if (!answer.data) throw new Error(JSON.stringify(answer.errors));
    return answer.data['connectionCreate'];
  };
}
