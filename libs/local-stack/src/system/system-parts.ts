import { createDevelopmentIssuer, type DevelopmentIssuer } from '@onecount/identity';
import { migrateService } from '../migrate.ts';
import { isPortTaken } from '../stack.errors.ts';
import { subgraphs } from '../subgraphs.ts';
import { externalPostgres } from '../postgres/external.ts';
import { provisionDatabases, type ServiceDatabase } from '../postgres/provision.ts';
import { startPostgres, type Postgres } from '../postgres/postgres.ts';
import { startOf } from '../process/process.ts';
import { fillCompileCache } from './compile-cache.ts';
import { ensureTopics, openEventLog, type EventLog } from './event-log.ts';
import type { ClaimedHome } from './home.ts';
import type { Logs } from './log-lines.ts';
import { keepAlive } from './revive.ts';
import { databaseNames, openSecrets, type SecretStore } from './secrets.ts';
import { serviceEnv, services, type SystemService } from './service-env.ts';
import { supervise, type ServiceProcess } from './supervisor.ts';
import type { SystemOptions } from './system.ts';
import {
  choosePorts,
  onOwnPort,
  portNames,
  type ChosenPorts,
  type SystemPorts,
} from './system-ports.ts';

// Ctrl-C may take 10 s in all; what the services leave of it belongs to PostgreSQL and Kafka, whose next
// start is slow after a SIGKILL.
const stopWithinMs = 9_300;
const stopGatewayWithinMs = 2_500;
const stopSubgraphsWithinMs = 4_000;

/** What has been started so far, so that a start that fails half-way can be undone. */
export type Parts = {
  home: ClaimedHome;
  logs: Logs;
  postgres?: Postgres;
  eventLog?: EventLog;
  issuer?: DevelopmentIssuer;
  processes: ServiceProcess[];
  isStopping: boolean;
  recording: Promise<void>;
  releasePorts?: () => Promise<void>;
};

export type Running = {
  ports: SystemPorts;
  databases: Record<string, ServiceDatabase>;
  postgres: Postgres;
  eventLog: EventLog;
  issuer: DevelopmentIssuer;
};

/** Ends the services, then what they stand on. */
export async function stopParts(parts: Parts): Promise<void> {
  const endsAt = performance.now() + stopWithinMs;
  parts.isStopping = true;
  // The gateway first: what it still answers needs the subgraphs.
  const gateway = parts.processes.find(({ name }) => name === 'gateway');
  await gateway?.stop(stopGatewayWithinMs);
  await Promise.all(parts.processes.map((each) => each.stop(stopSubgraphsWithinMs)));
  const leftMs = endsAt - performance.now();
  await Promise.allSettled([
    parts.postgres?.stop(leftMs),
    parts.eventLog?.broker?.stop(leftMs),
    parts.issuer?.close(),
  ]);
  await parts.releasePorts?.();
  await parts.recording;
  await parts.logs.close();
  await parts.home.release();
}

async function startDatabases(
  parts: Parts,
  options: SystemOptions,
  { chosen, store }: { chosen: ChosenPorts; store: SecretStore },
): Promise<Record<string, ServiceDatabase>> {
  parts.postgres = options.postgresUrl
    ? externalPostgres(options.postgresUrl)
    : await startOwnPostgres(parts, options, { chosen, store });
  return provisionDatabases({
    adminUrl: parts.postgres.adminUrl(),
    services: databaseNames,
    passwordOf: store.passwordOf,
  });
}

async function startOwnPostgres(
  parts: Parts,
  options: SystemOptions,
  { chosen, store }: { chosen: ChosenPorts; store: SecretStore },
): Promise<Postgres> {
  const log = (line: string) => parts.logs.say('start', line);
  const postgres: Postgres = await onOwnPort(chosen, 'postgres', (port) => {
    log(`PostgreSQL on port ${port}`);
    return startPostgres({
      dataDir: parts.home.paths.postgres,
      port,
      password: store.passwordOf('postgres'),
      log,
      isDurable: options.isDurable,
      onLost: () => keepAlive('PostgreSQL', postgres, parts),
    });
  });
  return postgres;
}

type Databases = Record<string, ServiceDatabase>;

async function migrateAll(databases: Databases): Promise<Databases> {
  await allOrFirstError(subgraphs.map((name) => migrateService(name, databases[name]!)));
  return databases;
}

async function startEventLog(
  parts: Parts,
  options: SystemOptions,
  { chosen, eventLogUrl }: { chosen: ChosenPorts; eventLogUrl: () => Promise<string> },
): Promise<EventLog> {
  const say = (line: string) => parts.logs.say('start', line);
  const log: EventLog = await onOwnPort(chosen, 'kafka', (port) =>
    openEventLog({
      choice: options.kafka ?? 'auto',
      brokers: options.kafkaBrokers,
      dataDir: parts.home.paths.kafka,
      port,
      eventLogUrl,
      say,
      onLost: () => keepAlive('Kafka', log.broker!, parts),
    }),
  );
  parts.eventLog = log;
  parts.logs.say('start', log.reason);
  await ensureTopics(log, options.env ?? {});
  return log;
}

async function runningServices(parts: Parts) {
  // Threads of this process are nothing that could be left over.
  const running = parts.processes.flatMap(({ name, pid }) =>
    pid() && pid() !== process.pid ? [{ name, pid: pid()! }] : [],
  );
  return Promise.all(running.map(async (each) => ({ ...each, start: await startOf(each.pid) })));
}

// One after the other, each with what runs at its turn: an older list must not overwrite a newer one.
function recordServices(parts: Parts): void {
  parts.recording = parts.recording
    .then(async () => parts.home.record({ services: await runningServices(parts) }))
    .catch(() => undefined);
}

// Promise.all would return while the others still start things that the clean-up then misses.
async function allOrFirstError<T extends readonly Promise<unknown>[]>(
  promises: readonly [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return Promise.all(promises) as Promise<{ [K in keyof T]: Awaited<T[K]> }>;
}

type ServiceBase = {
  paths: ClaimedHome['paths'];
  chosen: ChosenPorts;
  store: SecretStore;
  databases: Record<string, ServiceDatabase>;
  eventLog: EventLog;
  issuer: DevelopmentIssuer;
};

function spawnServices(parts: Parts, options: SystemOptions, base: ServiceBase): void {
  const { ports } = base.chosen;
  for (const name of services) {
    const env = serviceEnv(name, {
      ...base,
      ports,
      secrets: base.store.secrets,
      eventLog: base.eventLog.env,
      failpointDir: options.failpointDir,
      overrides: { ...options.env, ...options.envOf?.[name] },
    });
    const url = `http://127.0.0.1:${ports[name]}`;
    const { launch, restartMsMax } = options;
    const hooks = {
      ...{ logs: parts.logs, launch, restartMsMax },
      onChange: () => recordServices(parts),
    };
    parts.processes.push(supervise({ name, url, env }, hooks));
  }
}

/** Each knows the ports of others: when somebody took one of them, all are started again with the new ones. */
async function startServices(
  parts: Parts,
  options: SystemOptions,
  base: ServiceBase,
): Promise<void> {
  for (;;) {
    await base.chosen.release(services);
    parts.logs.say(
      'start',
      `services on ports ${services.map((name) => base.chosen.ports[name]).join(', ')}`,
    );
    spawnServices(parts, options, base);
    const lost: SystemService[] = [];
    const readyOrLost = async (each: ServiceProcess, name: SystemService) =>
      each.ready().catch((err: unknown) => {
        if (!isPortTaken(err)) throw err;
        lost.push(name);
      });
    await Promise.all(services.map((name, index) => readyOrLost(parts.processes[index]!, name)));
    if (lost.length === 0) return;
    await stopServices(parts);
    for (const name of lost) await base.chosen.replace(name);
  }
}

async function stopServices(parts: Parts): Promise<void> {
  await Promise.all(parts.processes.splice(0).map((each) => each.stop(stopSubgraphsWithinMs)));
}

/** Everything up to seven processes that say that they are ready. */
export async function startParts(parts: Parts, options: SystemOptions): Promise<Running> {
  const { paths } = parts.home;
  const [store, chosen] = await Promise.all([
    openSecrets(paths),
    choosePorts(options.ports ?? {}, options.otherPorts ?? 'random'),
  ]);
  parts.releasePorts = () => chosen.release(portNames);
  const compiled = fillCompileCache();
  const provisioned = startDatabases(parts, options, { chosen, store });
  const eventLogUrl = () => provisioned.then((all) => all['event-log']!.ownerUrl);
  const [databases, eventLog, issuer] = await allOrFirstError([
    provisioned.then((all) => migrateAll(all)),
    startEventLog(parts, options, { chosen, eventLogUrl }),
    onOwnPort(chosen, 'issuer', (port) => startIssuer(parts, port)),
  ]);
  await parts.home.record({ issuer: issuer.issuer });
  await compiled;
  await startServices(parts, options, { paths, chosen, store, databases, eventLog, issuer });
  return { ports: chosen.ports, databases, eventLog, issuer, postgres: parts.postgres! };
}

async function startIssuer(parts: Parts, port: number): Promise<DevelopmentIssuer> {
  const keyFile = parts.home.paths.issuerKey;
  parts.issuer = await createDevelopmentIssuer({ keyFile, port, nodeEnv: 'development' });
  return parts.issuer;
}
