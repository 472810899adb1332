import { readFile } from 'node:fs/promises';
import { databaseUrl, homePaths, rolesOf, runningLauncher } from '@onecount/local-stack';
import { createTransport, type Transport, type TransportConfig } from '@onecount/messaging';
import { openSources, verifiedServices, type SourceOptions, type Sources } from './sources.ts';
import type { verifyConfig } from './config.ts';

export type RunningSystem = { sources: Sources; transport: Transport; close(): Promise<void> };

type DevFile = {
  postgres: { port: number };
  kafka: { mode: 'kafka' | 'embedded'; brokers: string[] };
};
type Secrets = { passwords: Record<string, string> };
type Options = Omit<ReturnType<typeof verifyConfig>, 'isColoured'>;
type Servers = {
  databaseUrls: SourceOptions['databaseUrls'];
  eventLog: Omit<TransportConfig, 'clientId'>;
};

const superuser = 'postgres';

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

/**
 * The databases and the log of the system that the settings name, or that runs in this home; undefined when neither
 * is there.
 */
export async function openRunningSystem(options: Options): Promise<RunningSystem | undefined> {
  const servers = await serversOf(options);
  if (!servers) return undefined;
  const { databaseUrls, eventLog } = servers;
  const transport = await createTransport({ ...eventLog, clientId: 'onecount-verify' });
  const sources = openSources({ databaseUrls, transport });
  return {
    sources,
    transport,
    async close() {
      await sources.close();
      await transport.close();
    },
  };
}

async function serversOf({ eventLog, postgresUrls, ...options }: Options) {
  const given = postgresUrls && urlsOn((service) => postgresUrls[service]);
  if (given && eventLog) return { databaseUrls: given, eventLog };
  const local = await localServers(options);
  return (
    local && { databaseUrls: given ?? local.databaseUrls, eventLog: eventLog ?? local.eventLog }
  );
}

function urlsOn(serverOf: (service: keyof SourceOptions['databaseUrls']) => string) {
  const url = (service: keyof SourceOptions['databaseUrls']) => {
    const of = new URL(serverOf(service));
    of.pathname = `/${rolesOf(service).database}`;
    return of.href;
  };
  const entries = verifiedServices.map((service) => [service, url(service)]);
  return Object.fromEntries(entries) as SourceOptions['databaseUrls'];
}

async function localServers(
  options: Pick<Options, 'home' | 'topicPrefix' | 'partitions'>,
): Promise<Servers | undefined> {
  const { home, topicPrefix, partitions } = options;
  if (!(await runningLauncher(home))) return undefined;
  const paths = homePaths(home);
  const dev = await readJson<DevFile>(paths.devFile).catch(() => undefined);
  // Between the launcher's first line and its last one there is no dev.json yet.
  if (!dev) return undefined;
  const { passwords } = await readJson<Secrets>(paths.secrets);
  const server = `postgresql://127.0.0.1:${dev.postgres.port}/postgres`;
  // Row-level security binds every role but this one.
  const adminUrl = (database: string) =>
    databaseUrl(server, superuser, passwords[superuser]!, database);
  const { mode, brokers } = dev.kafka;
  const address =
    mode === 'kafka' ? { brokers } : { eventLogUrl: adminUrl(rolesOf('event-log').database) };
  return {
    databaseUrls: urlsOn(() => adminUrl('postgres')),
    eventLog: { ...address, topicPrefix, partitions },
  };
}
