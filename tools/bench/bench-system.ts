import { spawnService, startSystem, type Launch, type System } from '@onecount/local-stack';
import { createTransport } from '@onecount/messaging';
import { createShop, eventually, graphqlClient, type Shop } from '@onecount/testing';
import { temporaryHome } from '../temporary-home.ts';
import { openSources, verifiedServices, type Sources } from '../verify/sources.ts';
import { consumedTopics } from '../verify/topics.ts';
import { findViolations, underWay } from '../verify/verify.ts';
import { undone } from './cleanup.ts';
import { readCpu, type CpuTimes } from './cpu.ts';

export type BenchSystem = {
  system: System;
  shop: Shop;
  sources: Sources;
  /** CPU of the seven services, PostgreSQL and the event log. */
  cpu(): CpuTimes;
  /** Waits until every event has been applied everywhere. */
  drained(): Promise<void>;
  /** Drains and holds every promise against the databases; throws when one is broken. */
  assertSound(): Promise<void>;
};

// Each look asks every database and, for every partition, the log: it costs as much as two sales.
const lookEveryMs = 500;

/** As deployed: NODE_ENV production, no introspection, fsync on. */
export const deployedEnv = { NODE_ENV: 'production', INTROSPECTION: 'false', EXPLORER: 'false' };

/**
 * The whole system in a home of its own; it is stopped and removed whatever happens inside. Services run as deployed,
 * without the collector of a developer's machine: after each pause of a bench it made a page dearer (10.4 CPU-ms
 * instead of 7.1 in `query`, whose other side has none).
 */
export async function withSystem<T>(
  use: (bench: BenchSystem) => Promise<T>,
  settings: Record<string, string> = {},
  launch: Launch = spawnService,
): Promise<T> {
  const home = await temporaryHome('bench');
  return undone(home.remove, async () => {
    const env = { ...deployedEnv, ...settings };
    const system = await startSystem({ home: home.path, otherPorts: 'random', env, launch });
    return undone(system.stop, () => withSources(system, use));
  });
}

async function withSources<T>(system: System, use: (bench: BenchSystem) => Promise<T>): Promise<T> {
  const transport = await createTransport({
    brokers: system.kafka.mode === 'kafka' ? system.kafka.brokers : undefined,
    eventLogUrl: system.kafka.env['EVENT_LOG_URL'],
    clientId: 'onecount-bench',
    partitions: Number(system.kafka.env['KAFKA_PARTITIONS'] ?? 24),
  });
  const sources = openSources({ databaseUrls: adminUrls(system), transport });
  const lag = (service: keyof typeof consumedTopics): Promise<number> =>
    transport.lag(`onecount-${service}`, consumedTopics[service]);
  const drained = (): Promise<void> => awaitDrained(sources, lag);
  try {
    return await use({
      system,
      sources,
      shop: createShop(graphqlClient(system.graphqlUrl, system.tokens.owner)),
      cpu: () => readCpu(system.pids()),
      drained,
      async assertSound() {
        await drained();
        const violations = await findViolations(sources);
        if (violations.length > 0) throw new Error(JSON.stringify(violations.slice(0, 5)));
      },
    });
  } finally {
    await sources.close();
    await transport.close();
  }
}

function adminUrls(system: System): Parameters<typeof openSources>[0]['databaseUrls'] {
  const urls = verifiedServices.map((service) => [
    service,
    system.postgres.adminUrl(system.databases[service]!.database),
  ]);
  return Object.fromEntries(urls) as never;
}

async function awaitDrained(
  sources: Sources,
  lag: (service: keyof typeof consumedTopics) => Promise<number>,
): Promise<void> {
  const isDrained = async (): Promise<boolean> => {
    const waiting = await underWay(sources);
    if (waiting !== null) throw new Error(waiting);
    for (const service of verifiedServices) {
      const behind = await lag(service);
      if (behind > 0) throw new Error(`${service} is ${behind} messages behind`);
    }
    return true;
  };
  await eventually(isDrained, { intervalMs: lookEveryMs });
}
