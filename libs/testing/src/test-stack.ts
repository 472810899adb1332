import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  provisionDatabases,
  reapFolder,
  startKafka,
  startPostgres,
  subgraphs,
} from '@onecount/local-stack';
import { testPasswordOf } from './database.ts';
import { dockerStack } from './docker-stack.ts';

type Stoppable = { stop(): Promise<void> };
type Broker = Stoppable & { brokers: string[] };

/** How the run gets its servers: local processes, or containers when a Docker engine answers. */
export type ServerSource = {
  postgres(): Promise<Stoppable & { adminUrl: string }>;
  kafka(): Promise<Broker>;
  remove(): Promise<void>;
};

async function localSource(): Promise<ServerSource> {
  const folder = await mkdtemp(join(tmpdir(), 'onecount-test-'));
  const reaper = reapFolder(folder);
  return {
    async postgres() {
      const options = { dataDir: join(folder, 'postgres'), password: 'test', isDurable: false };
      const postgres = await startPostgres(options);
      return { adminUrl: postgres.adminUrl(), stop: postgres.stop };
    },
    kafka: () => startKafka({ dataDir: join(folder, 'kafka') }),
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await reaper.dismiss();
    },
  };
}

// Which test files need Kafka is known only when they ask, and they ask from other processes: so the
// process that starts the broker, once, answers them over HTTP.
function serveKafka(kafka: () => Promise<Broker>): Server {
  return createServer((_request, response) => {
    kafka()
      .then(({ brokers }) => ({ brokers }))
      .catch((err: Error) => ({ error: err.message }))
      .then((body) => response.end(JSON.stringify(body)))
      .catch(() => response.destroy());
  });
}

export type TestStack = { url: string; adminUrl: string; stop(): Promise<void> };

/** One PostgreSQL now and one Kafka on demand, for one jest run. */
export async function startTestStack(): Promise<TestStack> {
  const source = (await dockerStack()) ?? (await localSource());
  const postgres = await source.postgres();
  await provisionDatabases({
    adminUrl: postgres.adminUrl,
    services: [...subgraphs],
    passwordOf: testPasswordOf,
    isRolesOnly: true,
  });
  let broker: Promise<Broker> | undefined;
  const server = serveKafka(() => (broker ??= source.kafka()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await Promise.allSettled([postgres.stop(), broker?.then((kafka) => kafka.stop())]);
    await source.remove();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    adminUrl: postgres.adminUrl,
    stop: () => (stopped ??= stop()),
  };
}
