import { readFile } from 'node:fs/promises';
import { databaseUrl, homePaths, rolesOf, runningLauncher } from '@onecount/local-stack';
import { createTransport, type Transport } from '@onecount/messaging';
import { openSources, verifiedServices, type SourceOptions, type Sources } from './sources.ts';

export type RunningSystem = { sources: Sources; transport: Transport; close(): Promise<void> };

type DevFile = {
  postgres: { port: number };
  kafka: { mode: 'kafka' | 'embedded'; brokers: string[] };
};
type Secrets = { passwords: Record<string, string> };
type Options = { home: string; topicPrefix: string; partitions: number };

const superuser = 'postgres';

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

/** The databases and the log of the system that runs in this home; undefined when none does. */
export async function openRunningSystem(options: Options): Promise<RunningSystem | undefined> {
  if (!(await runningLauncher(options.home))) return undefined;
  const paths = homePaths(options.home);
  const dev = await readJson<DevFile>(paths.devFile).catch(() => undefined);
  // Between the launcher's first line and its last one there is no dev.json yet.
  if (!dev) return undefined;
  const { passwords } = await readJson<Secrets>(paths.secrets);
  const server = `postgresql://127.0.0.1:${dev.postgres.port}/postgres`;
  // Row-level security binds every role but this one.
  const adminUrl = (database: string) =>
    databaseUrl(server, superuser, passwords[superuser]!, database);
  const transport = await createTransport({
    ...logOf(dev, adminUrl),
    clientId: 'onecount-verify',
    topicPrefix: options.topicPrefix,
    partitions: options.partitions,
  });
  const databaseUrls = Object.fromEntries(
    verifiedServices.map((service) => [service, adminUrl(rolesOf(service).database)]),
  ) as SourceOptions['databaseUrls'];
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

function logOf({ kafka }: DevFile, adminUrl: (database: string) => string) {
  return kafka.mode === 'kafka'
    ? { brokers: kafka.brokers }
    : { eventLogUrl: adminUrl(rolesOf('event-log').database) };
}
