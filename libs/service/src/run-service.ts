import type { ServiceConfig } from '@onecount/config';
import { createDatabase, type Database } from '@onecount/db';
import { createSubgraphServer, type SubgraphServer } from '@onecount/graphql';
import { createInternalTokenSigner, createInternalTokenVerifier } from '@onecount/identity';
import { isBrokerAway, wakeRelays, type Transport } from '@onecount/messaging';
import { isConnectionFailure } from '@onecount/outage';
import {
  addHealthRoutes,
  createHealth,
  createOutageLog,
  reasonOf,
  runProcess,
  StartError,
  withConfig,
  type Health,
  type Host,
  type OutageLog,
  type Step,
} from '@onecount/process';
import type { Logger } from '@onecount/telemetry';
import { createClients, type Clients } from './clients.ts';
import { addDeadEventRoutes } from './dead-events.routes.ts';
import type { ServiceDefinition, ServiceDeps, ServiceParts } from './definition.ts';
import { createMessaging, openTransport, type Messaging } from './messaging.ts';

export type RunningService = { url: string; db: Database; log: Logger; stop(): Promise<void> };

/** The whole of an app's `src/main.ts`; settings that are wrong are reported together and nothing starts. */
export function runMain<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  readConfig: () => C,
): Promise<void> {
  return withConfig(definition.name, readConfig, (config) => runService(definition, config));
}

/**
 * Runs one subgraph process: pools, then the app's own parts, then the server, then events, so that
 * nothing comes in before there is somebody to answer it. On SIGTERM the same in reverse, within 8 s.
 */
export function runService<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  config: C,
  host?: Host,
): Promise<RunningService> {
  const { name } = definition;
  return runProcess({ name, config, host, start: (log) => start(definition, config, log) });
}

async function start<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  config: C,
  log: Logger,
) {
  const { name } = definition;
  const needed: Needed = {};
  const backgroundLog = outageLogOf(needed, log);
  const db = (needed.db = await connect(definition, config, backgroundLog));
  const signer = config.INTERNAL_SIGNING_KEY
    ? createInternalTokenSigner({ service: name, privateJwk: config.INTERNAL_SIGNING_KEY })
    : undefined;
  const clients = createClients(config, signer);
  const { client } = clients;
  const transport = await openTransport(name, config, backgroundLog);
  needed.transport = transport;
  const verifyInternalToken = createInternalTokenVerifier({
    audience: name,
    trustedJwks: config.INTERNAL_TRUSTED_KEYS,
  });
  const { tail } = transport;
  const deps = {
    config,
    db,
    log,
    backgroundLog,
    signer,
    client,
    verifyInternalToken,
    tail,
    wakeRelay: wakeRelays,
  };
  const parts = await definition.start(deps);
  const handlers = parts.handlers ?? [];
  const { fetchEveryMs } = definition;
  const messaging = createMessaging({
    ...{ service: name, transport, db, handlers, fetchEveryMs },
    log: backgroundLog,
  });
  const health = healthOf({ name, db, messaging, parts });
  const hasIntrospection = config.INTROSPECTION;
  const of = { parts, health, messaging, verifyInternalToken, hasIntrospection, log };
  const server = await serverOf(definition, of);
  const url = await server.listen({ host: config.HOST, port: config.PORT });
  for (const task of parts.background ?? []) await task.start();
  messaging.start();
  const drain = drainSteps({ health, messaging, parts, server, clients, db, backgroundLog });
  return { url, db, drain };
}

type Needed = { db?: Database; transport?: Transport };

/** Filled as the process starts: what it needs reports its own failures, long before there is somebody to ask. */
function outageLogOf(needed: Needed, log: Logger): OutageLog {
  const isOnKafka = () => needed.transport?.mode === 'kafka';
  return createOutageLog(log, [
    { name: 'Kafka', isAway: isBrokerAway, ask: async () => needed.transport?.health() },
    {
      name: 'PostgreSQL',
      isAway: ({ err }) => isConnectionFailure(err),
      // The embedded log is a PostgreSQL too, and its errors are the same.
      ask: () => Promise.all([needed.db?.ready(), isOnKafka() || needed.transport?.health()]),
    },
  ]);
}

// A failing connection is the commonest reason for not starting, and its stack says nothing.
async function connect<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  config: C,
  log: OutageLog,
): Promise<Database> {
  try {
    return await createDatabase({
      url: config.DATABASE_URL,
      sessionUrl: config.DATABASE_SESSION_URL,
      applicationName: `onecount-${definition.name}`,
      poolMax: config.DATABASE_POOL_MAX,
      timeoutFactor: config.TIMEOUT_FACTOR,
      entities: definition.entities,
      onPoolError: (err) => log.warn({ err }, 'a database connection broke'),
    });
  } catch (err) {
    throw new StartError(whyNoDatabase(err));
  }
}

// It does answer then: whoever reads this must look at the password or the certificates and not at the network.
function whyNoDatabase(err: unknown): string {
  const reason = reasonOf(err);
  const { code = '' } = err as { code?: string };
  const isRefusal =
    code.startsWith('28') ||
    /CERT|TLS|SSL|SELF_SIGNED|ISSUER|VERIFY/.test(code) ||
    /SSL/.test(reason);
  return `the database ${isRefusal ? 'and this service do not accept each other' : 'cannot be reached'}: ${reason}`;
}

function serverOf<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  of: Pick<ServiceDeps, 'verifyInternalToken' | 'log'> & {
    parts: ServiceParts;
    health: Health;
    messaging: Messaging;
    hasIntrospection: boolean;
  },
): Promise<SubgraphServer> {
  const { parts, health, messaging, verifyInternalToken, log } = of;
  return createSubgraphServer({
    name: definition.name,
    typeDefs: [definition.typeDefs()],
    resolvers: parts.resolvers,
    verifyInternalToken,
    hasIntrospection: of.hasIntrospection,
    log,
    async routes(app) {
      addHealthRoutes(app, health);
      addDeadEventRoutes(app, { consumer: messaging.consumer, verify: verifyInternalToken, log });
      await parts.routes?.(app);
    },
  });
}

function healthOf(of: {
  name: string;
  db: Database;
  messaging: Messaging;
  parts: ServiceParts;
}): Health {
  const { db, messaging, parts } = of;
  const passing = (check: () => Promise<void>) => async () => {
    await check();
    return { status: 'ok' as const };
  };
  return createHealth(of.name, [
    { name: 'database', isRequired: true, check: passing(() => db.ready()) },
    ...messaging.healthParts,
    { name: 'service', isRequired: true, check: passing(async () => parts.ready?.()) },
  ]);
}

function drainSteps(of: {
  health: Health;
  messaging: Messaging;
  parts: ServiceParts;
  server: SubgraphServer;
  clients: Clients;
  db: Database;
  backgroundLog: OutageLog;
}): Step[] {
  return [
    { name: 'readiness', run: async () => of.health.drain() },
    { name: 'consumer', run: () => of.messaging.stopConsuming() },
    {
      name: 'background',
      run: async () => {
        await Promise.all((of.parts.background ?? []).map(async (task) => task.stop()));
      },
    },
    { name: 'server', run: () => of.server.close() },
    { name: 'messaging', run: () => of.messaging.close() },
    { name: 'clients', run: () => of.clients.close() },
    { name: 'outage log', run: async () => of.backgroundLog.close() },
    { name: 'database', run: () => of.db.close() },
  ];
}
