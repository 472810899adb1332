import { uuidv7 } from '@onecount/db';
import { newEvent, type EventData, type EventType } from '@onecount/events';
import { createSubgraphServer } from '@onecount/graphql';
import { generateSigningKey } from '@onecount/identity';
import type { EventHandler } from '@onecount/messaging';
import { createLogger } from '@onecount/telemetry';
import { testDatabase, type TestDatabase } from '@onecount/testing';
import pg from 'pg';
import type { PassportConfig } from '../src/config.ts';
import { definition } from '../src/service.ts';

export const tenantA = '01900000-0000-7000-8000-00000000000a';
export const tenantB = '01900000-0000-7000-8000-00000000000b';
export const publicUrl = 'http://127.0.0.1:4105';

type Body = { data?: Record<string, any> | null; errors?: { message: string; extensions: any }[] };

export type Fixture = Awaited<ReturnType<typeof startPassport>>;

/** The service on a database of its own, without gateway and broker: events go to its handlers directly. */
export async function startPassport() {
  const database = await testDatabase('passport');
  const log = createLogger({ service: 'passport', level: 'silent' });
  const { privateJwk } = await generateSigningKey('test-key');
  const config = {
    PASSPORT_PUBLIC_URL: publicUrl,
    PASSPORT_SIGNING_KEY: privateJwk,
    PASSPORT_ISSUER_NAME: 'Onecount test',
  } as unknown as PassportConfig;
  const unused = () => {
    throw new Error('the passport service calls nobody');
  };
  const parts = await definition.start({
    ...{ config, db: database.db, log, signer: undefined },
    ...{ client: unused, wakeRelay: () => undefined },
  });
  const caller = {
    tenantId: tenantA,
    subject: 'clerk',
    issuer: 'gateway',
    scopes: new Set<string>(),
  };
  const server = await createSubgraphServer({
    name: 'passport',
    typeDefs: [definition.typeDefs()],
    resolvers: parts.resolvers,
    log,
    // The token is the tenant here; verifying real ones is tested in libs/identity.
    verifyInternalToken: async (token) => {
      const [tenantId = tenantA, ...scopes] = (token ?? '').split(' ');
      return { ...caller, tenantId, scopes: new Set(scopes) };
    },
    routes: parts.routes,
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  return {
    database,
    url,
    graphql: graphqlOn(url),
    deliver: deliverTo(database, parts.handlers ?? []),
    rows: async (text: string, values?: unknown[]) => (await admin.query(text, values)).rows,
    run: (text: string, values?: unknown[]) => admin.query(text, values),
    async stop() {
      await server.close();
      await admin.end();
      await database.drop();
    },
  };
}

const allScopes = 'passport:read passport:write stock:read';

function graphqlOn(url: string) {
  return async (
    query: string,
    variables: Record<string, unknown> = {},
    as: { tenantId?: string; scopes?: string } = {},
  ): Promise<Body> => {
    const { tenantId = tenantA, scopes = allScopes } = as;
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

/** An estate brooch with a certificate, as inventory and catalog tell of it. */
export function brooch(change: Partial<EventData<'inventory.serial-unit-changed'>> = {}) {
  const [productId, variantId] = [uuidv7(), uuidv7()];
  const unit: EventData<'inventory.serial-unit-changed'> = {
    serialUnitId: uuidv7(),
    version: 1,
    stockItemId: uuidv7(),
    variantId,
    sku: 'BROOCH-1905',
    serial: 'S-100',
    stockNumber: 'E-0042',
    status: 'AVAILABLE',
    certificate: {
      number: 'GIA-77',
      lab: 'GIA',
      grade: 'VS1',
      reportUrl: 'https://gia.example/77',
    },
    attributes: [{ key: 'Metal', value: '18 ct gold' }],
    photos: ['https://cdn.example/brooch.jpg'],
    receivedAt: '2026-11-20T09:00:00.000Z',
    ...change,
  };
  const product: EventData<'catalog.product-changed'> = {
    ...{
      productId,
      version: 1,
      handle: 'swallow-brooch',
      title: 'Swallow brooch',
      status: 'ACTIVE',
    },
    ...{
      vendor: 'Estate',
      category: 'Brooches',
      productType: 'Brooch',
      tags: [],
      options: [],
      media: [],
    },
    variants: [
      {
        ...{ variantId, sku: unit.sku, title: 'Default', fullTitle: 'Swallow brooch', position: 1 },
        ...{ optionValues: [], tracking: 'SERIAL', isActive: true, isTaxable: true },
        requiresShipping: true,
      },
    ],
  };
  return { unit, product };
}

export function saleOf(
  unit: EventData<'inventory.serial-unit-changed'>,
): EventData<'pos.sale-committed'> {
  return {
    ...{ saleId: uuidv7(), version: 1, channel: 'COUNTER', receiptNumber: 'HQ-000001' },
    ...{ committedAt: '2026-11-21T15:30:00.000Z', currencyCode: 'EUR', totalMinor: 420000 },
    lines: [
      {
        ...{ lineId: uuidv7(), stockItemId: unit.stockItemId, variantId: unit.variantId },
        ...{ sku: unit.sku, title: 'Swallow brooch', serialUnitId: unit.serialUnitId },
        ...{ tracking: 'SERIAL', quantity: 1, unitPriceMinor: 420000, totalMinor: 420000 },
      },
    ],
  };
}
