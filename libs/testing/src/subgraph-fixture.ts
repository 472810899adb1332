import type { ServiceConfig } from '@onecount/config';
import type { EventData, EventType } from '@onecount/events';
import type { VerifyInternalToken } from '@onecount/graphql';
import { tenantA } from '@onecount/local-stack';
import type { EventHandler } from '@onecount/messaging';
import type { ServiceDefinition, ServiceParts } from '@onecount/service';
import type { Logger } from '@onecount/telemetry';
import pg from 'pg';
import { testDatabase, type TestDatabase } from './database.ts';

export type SubgraphAnswer = {
  data?: Record<string, any> | null;
  errors?: { message: string; extensions: any }[];
};

export type SubgraphOptions<C extends ServiceConfig> = {
  /** The settings that the service itself reads; those of its process have no effect here. */
  config?: Partial<C>;
  /** What a caller may do unless a test says otherwise, separated by spaces. */
  scopes: string;
};

export type SubgraphFixture = Awaited<ReturnType<typeof startSubgraph>>;

/** The service on a database of its own, without gateway and broker: events go to its handlers directly. */
export async function startSubgraph<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  { config, scopes }: SubgraphOptions<C>,
) {
  // Loaded here as in the functions below: most specs that import this library start no server.
  const { createLogger } = await import('@onecount/telemetry');
  const database = await testDatabase(definition.name);
  const log = createLogger({ service: definition.name, level: 'silent' });
  const client = () => {
    throw new Error(`${definition.name} calls nobody`);
  };
  const parts = await definition.start({
    ...{ config: (config ?? {}) as C, db: database.db, log, backgroundLog: log, signer: undefined },
    ...{ client, wakeRelay: () => undefined, verifyInternalToken: client, tail: client },
  });
  const server = await serverOf(definition, parts, log);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  for (const task of parts.background ?? []) await task.start();
  return {
    database,
    url,
    graphql: graphqlOn(url, scopes),
    deliver: deliverTo(database, parts.handlers ?? []),
    deliverGroup: deliverGroupTo(database, parts.handlers ?? []),
    /** Past row-level security. */
    run: (text: string, values?: unknown[]) => admin.query(text, values),
    rows: async (text: string, values?: unknown[]) => (await admin.query(text, values)).rows,
    async stop() {
      for (const task of parts.background ?? []) await task.stop();
      await server.close();
      await admin.end();
      await database.drop();
    },
  };
}

async function serverOf<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  { resolvers, routes }: ServiceParts,
  log: Logger,
) {
  const { createSubgraphServer } = await import('@onecount/graphql');
  return createSubgraphServer({
    ...{ name: definition.name, typeDefs: [definition.typeDefs()], resolvers, routes, log },
    verifyInternalToken: readCaller,
  });
}

// The token is the tenant here; verifying real ones is tested in libs/identity.
const readCaller: VerifyInternalToken = async (token) => {
  const [tenantId = tenantA, ...scopes] = (token ?? '').split(' ');
  return { tenantId, subject: 'clerk', issuer: 'gateway', scopes: new Set(scopes) };
};

function graphqlOn(url: string, allScopes: string) {
  return async (
    query: string,
    variables: Record<string, unknown> = {},
    as: { tenantId?: string; scopes?: string } = {},
  ): Promise<SubgraphAnswer> => {
    const { tenantId = tenantA, scopes = allScopes } = as;
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tenantId} ${scopes}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await answer.json()) as SubgraphAnswer;
  };
}

/** What the inbox gives to handlers that take the events of a group in one go. */
function deliverGroupTo({ db }: TestDatabase, handlers: EventHandler[]) {
  return async <T extends EventType>(type: T, group: EventData<T>[]): Promise<void> => {
    const { newEvent } = await import('@onecount/events');
    const events = group.map((data) => {
      const sequence = (data as { version: number }).version;
      return newEvent(type, { tenantId: tenantA, aggregateId: 'group', sequence, data });
    });
    const taking = handlers.filter((one) => one.type === type && one.handleAll);
    if (taking.length === 0) throw new Error(`no handler takes ${type} in groups`);
    for (const handler of taking)
      await db.inTransaction(tenantA, (tx) => handler.handleAll!(tx, events as never));
  };
}

function deliverTo({ db }: TestDatabase, handlers: EventHandler[]) {
  return async <T extends EventType>(
    type: T,
    aggregateId: string,
    data: EventData<T>,
    tenantId = tenantA,
  ): Promise<void> => {
    const { newEvent } = await import('@onecount/events');
    const sequence = (data as { version: number }).version;
    const event = newEvent(type, { tenantId, aggregateId, sequence, data });
    for (const handler of handlers.filter((one) => one.type === type))
      await db.inTransaction(tenantId, (tx) => handler.handle(tx, event as never));
  };
}
