import type { ServiceConfig } from '@onecount/config';
import { createDatabase, type Database } from '@onecount/db';
import { configureFailpoints } from '@onecount/failpoint';
import { createSubgraphServer, type SubgraphServer } from '@onecount/graphql';
import { createInternalTokenSigner, createInternalTokenVerifier } from '@onecount/identity';
import { wakeRelays } from '@onecount/messaging';
import { createLogger, startProcessMetrics, startTracing, type Logger } from '@onecount/telemetry';
import { createClients, type Clients } from './clients.ts';
import { addDeadEventRoutes } from './dead-events.routes.ts';
import type { ServiceDefinition, ServiceParts } from './definition.ts';
import { addHealthRoutes, createHealth, type Health } from './health.ts';
import { processHost, reasonOf, watchParent, type Host } from './host.ts';
import { createMessaging, type Messaging } from './messaging.ts';
import { createShutdown, type Step } from './shutdown.ts';

export type RunningService = { url: string; db: Database; log: Logger; stop(): Promise<void> };

/**
 * Runs one subgraph process: pools, then the app's own parts, then the server, then events, so that
 * nothing comes in before there is somebody to answer it. On SIGTERM the same in reverse, within 8 s.
 * What cannot be started (a database that is away) is one line in the log and exit code 1: the
 * supervisor starts it again.
 */
export async function runService<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  config: C,
  host: Host = processHost,
): Promise<RunningService> {
  const log = createLogger({ service: definition.name, level: config.LOG_LEVEL });
  host.onCrash((err) => {
    log.fatal({ err }, 'crashed');
    host.exit(1);
  });
  try {
    return await start(definition, config, { host, log });
  } catch (err) {
    log.fatal({ err }, `could not start: ${reasonOf(err)}`);
    host.exit(1);
    throw err;
  }
}

async function start<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  config: C,
  { host, log }: { host: Host; log: Logger },
): Promise<RunningService> {
  const { name } = definition;
  configureFailpoints({ service: name, dir: config.FAILPOINT_DIR });
  startProcessMetrics(name);
  const tracing = await startTracing({
    service: name,
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  });
  const db = await connect(definition, config, log);
  const signer = config.INTERNAL_SIGNING_KEY
    ? createInternalTokenSigner({ service: name, privateJwk: config.INTERNAL_SIGNING_KEY })
    : undefined;
  const clients = createClients(config, signer);
  const parts = await definition.start({
    config,
    db,
    log,
    signer,
    client: clients.client,
    wakeRelay: wakeRelays,
  });
  const messaging = await createMessaging({
    service: name,
    config,
    db,
    handlers: parts.handlers ?? [],
    log,
  });
  const health = healthOf({ name, db, messaging, parts });
  const server = await serverOf(definition, config, { parts, health, messaging, log });
  const url = await server.listen({ host: config.HOST, port: config.PORT });
  const shutdown = createShutdown(
    log,
    drainSteps({ health, messaging, parts, server, clients, db, tracing }),
  );
  const stopWatching = listenForTheEnd({ config, host, shutdown });
  for (const task of parts.background ?? []) await task.start();
  messaging.start();
  log.info({ url }, 'listening');
  return {
    url,
    db,
    log,
    async stop() {
      stopWatching();
      await shutdown('stop');
    },
  };
}

// A failing connection is the commonest reason for not starting, and its stack says nothing.
async function connect<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  config: C,
  log: Logger,
): Promise<Database> {
  try {
    return await createDatabase({
      url: config.DATABASE_URL,
      applicationName: `onecount-${definition.name}`,
      poolMax: config.DATABASE_POOL_MAX,
      timeoutFactor: config.TIMEOUT_FACTOR,
      entities: definition.entities,
      onPoolError: (err) => log.warn({ reason: reasonOf(err) }, 'a database connection broke'),
    });
  } catch (err) {
    throw new StartError(`the database cannot be reached: ${reasonOf(err)}`);
  }
}

/** Something that a person must repair; told in one line, without a stack. */
class StartError extends Error {
  override readonly name = 'StartError';
  constructor(message: string) {
    super(message);
    this.stack = undefined;
  }
}

function serverOf<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  config: C,
  of: { parts: ServiceParts; health: Health; messaging: Messaging; log: Logger },
): Promise<SubgraphServer> {
  const { parts, health, log } = of;
  const verify = createInternalTokenVerifier({
    audience: definition.name,
    trustedJwks: config.INTERNAL_TRUSTED_KEYS,
  });
  return createSubgraphServer({
    name: definition.name,
    typeDefs: [definition.typeDefs()],
    resolvers: parts.resolvers,
    verifyInternalToken: verify,
    hasIntrospection: config.INTROSPECTION,
    log,
    async routes(app) {
      addHealthRoutes(app, health);
      addDeadEventRoutes(app, { consumer: of.messaging.consumer, verify, log });
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
  tracing: { stop(): Promise<void> };
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
    { name: 'database', run: () => of.db.close() },
    { name: 'tracing', run: () => of.tracing.stop() },
  ];
}

function listenForTheEnd(of: {
  config: ServiceConfig;
  host: Host;
  shutdown(reason: string): Promise<boolean>;
}): () => void {
  const end = (reason: string): void => {
    void of.shutdown(reason).then((isComplete) => of.host.exit(isComplete ? 0 : 1));
  };
  of.host.onStopRequested(end);
  const parentPid = of.config.ONECOUNT_PARENT_PID;
  return parentPid === undefined ? () => {} : watchParent(parentPid, end);
}
