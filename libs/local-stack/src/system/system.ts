import { randomUUID } from 'node:crypto';
import type { DevelopmentIssuer } from '@onecount/identity';
import type { Postgres } from '../postgres/postgres.ts';
import type { ServiceDatabase } from '../postgres/provision.ts';
import {
  mintDevTokens,
  mintTenantTokens,
  type DevTokens,
  type TenantTokens,
} from './dev-tenants.ts';
import type { EventLogChoice } from './event-log.ts';
import { claimHome, writeJson } from './home.ts';
import { createLogs } from './log-lines.ts';
import { seedTenant } from './seed.ts';
import { services, type SystemService } from './service-env.ts';
import { startParts, stopParts, type Parts, type Running } from './system-parts.ts';
import type { Launch } from './supervisor.ts';
import type { SystemPorts } from './system-ports.ts';

export type SystemOptions = {
  /** Folder of everything that this system keeps. */
  home: string;
  kafka?: EventLogChoice;
  /** Brokers that already run. */
  kafkaBrokers?: string[];
  /** A PostgreSQL that already runs, as somebody who may make roles and databases. */
  postgresUrl?: string;
  /** Ports that were asked for; the rest is `random` (tests, benches) or the `default` ones. */
  ports?: Partial<SystemPorts>;
  otherPorts?: 'default' | 'random';
  /** Folder in which a test puts the names of failpoints; see @onecount/failpoint. */
  failpointDir?: string;
  /** Settings for every service, and for single ones. */
  env?: Record<string, string>;
  envOf?: Partial<Record<SystemService, Record<string, string>>>;
  /** Runs a service by other means than a child process, and starts it again after at most so long. */
  launch?: Launch;
  restartMsMax?: number;
  /** false: PostgreSQL without fsync. */
  isDurable?: boolean;
  /** Shows the log lines; nothing is shown without it. */
  write?: (line: string) => void;
  isColoured?: boolean;
};

export type System = {
  graphqlUrl: string;
  services: Record<SystemService, { url: string; pid(): number | undefined; starts(): number }>;
  postgres: Pick<Postgres, 'mode' | 'host' | 'port' | 'adminUrl' | 'pid'>;
  databases: Record<string, ServiceDatabase>;
  kafka: {
    mode: 'kafka' | 'embedded';
    brokers: string[];
    reason: string;
    pid(): number | undefined;
    env: Record<string, string>;
  };
  tokens: DevTokens;
  mint: DevelopmentIssuer['mint'];
  /** A further tenant with the locations of the development tenants. */
  addTenant(): Promise<{ tenantId: string; tokens: TenantTokens }>;
  startedInMs: number;
  /** Pids of everything that runs, for measuring. */
  pids(): Record<string, number>;
  kill(name: SystemService, signal: NodeJS.Signals): void;
  /** Resolves when every service (or the named one) says that it is ready. */
  ready(name?: SystemService): Promise<void>;
  /** Drains and ends it, and it stays away until `startService`, which resolves when it is ready again. */
  stopService(name: SystemService): Promise<void>;
  startService(name: SystemService, env?: Record<string, string>): Promise<void>;
  restartPostgres(options?: { kill?: boolean }): Promise<void>;
  restartKafka(options?: { kill?: boolean }): Promise<void>;
  logs(name: string): string[];
  stop(): Promise<void>;
};

const serviceStopWithinMs = 30_000;

function systemOf(
  parts: Parts,
  running: Running,
  rest: Pick<System, 'tokens' | 'startedInMs'>,
): System {
  const { processes } = parts;
  const { postgres, eventLog, ports } = running;
  const processOf = (name: string) => processes.find((each) => each.name === name)!;
  const entries = services.map((name) => {
    const { pid, starts } = processOf(name);
    return [name, { url: `http://127.0.0.1:${ports[name]}`, pid, starts }] as const;
  });
  let stopped: Promise<void> | undefined;
  const graphqlUrl = `http://127.0.0.1:${ports.gateway}/graphql`;
  const { mint } = running.issuer;
  return {
    graphqlUrl,
    services: Object.fromEntries(entries) as System['services'],
    postgres,
    databases: running.databases,
    kafka: {
      mode: eventLog.mode,
      brokers: eventLog.brokers,
      reason: eventLog.reason,
      env: eventLog.env,
      pid: () => eventLog.broker?.pid(),
    },
    mint,
    async addTenant() {
      const tenantId = randomUUID();
      const tokens = await mintTenantTokens(mint, tenantId);
      await seedTenant(graphqlUrl, tokens.owner);
      return { tenantId, tokens };
    },
    ...rest,
    pids: () => ({
      ...Object.fromEntries(processes.flatMap(({ name, pid }) => (pid() ? [[name, pid()!]] : []))),
      ...(postgres.mode === 'embedded' ? { postgres: postgres.pid() } : {}),
      ...(eventLog.broker ? { kafka: eventLog.broker.pid() } : {}),
    }),
    kill: (name, signal) => processOf(name).kill(signal),
    async ready(name) {
      const awaited = name ? [processOf(name)] : processes;
      await Promise.all(awaited.map((each) => each.ready()));
    },
    stopService: (name) => processOf(name).stop(serviceStopWithinMs),
    async startService(name, env) {
      processOf(name).start(env);
      await processOf(name).ready();
    },
    restartPostgres: (how) => restart(postgres, how),
    async restartKafka(how) {
      if (!eventLog.broker) throw new Error('this system runs no Kafka of its own');
      await restart(eventLog.broker, how);
    },
    logs: (name) => parts.logs.lines(name),
    stop: () => (stopped ??= stopParts(parts)),
  };
}

type Restartable = { stop(): Promise<void>; kill(): Promise<void>; start(): Promise<void> };

async function restart(server: Restartable, how?: { kill?: boolean }): Promise<void> {
  await (how?.kill ? server.kill() : server.stop());
  await server.start();
}

async function writeDevFile(path: string, system: System): Promise<void> {
  await writeJson(path, {
    graphqlUrl: system.graphqlUrl,
    services: Object.fromEntries(
      Object.entries(system.services).map(([name, { url }]) => [name, url]),
    ),
    postgres: {
      mode: system.postgres.mode,
      host: system.postgres.host,
      port: system.postgres.port,
      databases: Object.fromEntries(
        Object.entries(system.databases).map(([name, { url }]) => [name, url]),
      ),
    },
    kafka: { mode: system.kafka.mode, brokers: system.kafka.brokers },
    tokens: system.tokens,
  });
}

/** Starts PostgreSQL, the event log and the seven services, and returns when all are ready. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const home = await claimHome(options.home);
  const logs = createLogs(['start', ...services], {
    folder: home.paths.logs,
    write: options.write,
    isColoured: options.isColoured,
  });
  const startedAt = performance.now();
  const parts: Parts = {
    home,
    logs,
    processes: [],
    isStopping: false,
    recording: Promise.resolve(),
  };
  try {
    const running = await startParts(parts, options);
    const tokens = await mintDevTokens(running.issuer.mint);
    const graphqlUrl = `http://127.0.0.1:${running.ports.gateway}/graphql`;
    for (const owner of [tokens.owner, tokens.otherTenant]) await seedTenant(graphqlUrl, owner);
    const startedInMs = Math.round(performance.now() - startedAt);
    const system = systemOf(parts, running, { tokens, startedInMs });
    await writeDevFile(home.paths.devFile, system);
    return system;
  } catch (err) {
    await stopParts(parts);
    throw err;
  }
}
