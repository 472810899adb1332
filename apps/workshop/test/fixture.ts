import { uuidv7 } from '@onecount/db';
import { newEvent, type EventData, type EventType } from '@onecount/events';
import { createSubgraphServer } from '@onecount/graphql';
import type { EventHandler } from '@onecount/messaging';
import { createLogger } from '@onecount/telemetry';
import { testDatabase, type TestDatabase } from '@onecount/testing';
import pg from 'pg';
import type { ServiceConfig } from '@onecount/config';
import { definition } from '../src/service.ts';

export const tenantA = '01900000-0000-7000-8000-00000000000a';
export const tenantB = '01900000-0000-7000-8000-00000000000b';

type Body = { data?: Record<string, any> | null; errors?: { message: string; extensions: any }[] };

export type Fixture = Awaited<ReturnType<typeof startWorkshop>>;

/** The service on a database of its own, without gateway and broker: events go to its handlers directly. */
export async function startWorkshop() {
  const database = await testDatabase('workshop');
  const log = createLogger({ service: 'workshop', level: 'silent' });
  const unused = () => {
    throw new Error('the workshop service calls nobody');
  };
  const parts = await definition.start({
    ...{ config: {} as ServiceConfig, db: database.db, log, signer: undefined },
    ...{ client: unused, wakeRelay: () => undefined },
  });
  const caller = {
    tenantId: tenantA,
    subject: 'clerk',
    issuer: 'gateway',
    scopes: new Set<string>(),
  };
  const server = await createSubgraphServer({
    name: 'workshop',
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

const allScopes = 'repair:read repair:write';

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

/** An estate brooch, as inventory tells of it. */
export function brooch(
  change: Partial<EventData<'inventory.serial-unit-changed'>> = {},
): EventData<'inventory.serial-unit-changed'> {
  return {
    ...{ serialUnitId: uuidv7(), version: 1, stockItemId: uuidv7(), variantId: uuidv7() },
    ...{ sku: 'BROOCH-1905', serial: 'S-100', stockNumber: 'E-0042', status: 'AVAILABLE' },
    ...{ attributes: [], photos: [], receivedAt: '2026-11-20T09:00:00.000Z' },
    ...change,
  };
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
