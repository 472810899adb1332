import { setTimeout as delay } from 'node:timers/promises';
import { startSystem } from '@onecount/local-stack';
import type { Bench, BenchOptions } from './bench.ts';
import { temporaryHome } from '../temporary-home.ts';
import { undone } from './cleanup.ts';
import { rssMb } from './cpu.ts';
import { round } from './load.ts';

type Start = { seconds: number; rssMbBy: Record<string, number>; kafka: string };

/** From nothing to ready, and again on the data of the first time; the memory of each process once it has settled. */
export const startBench: Bench = {
  help: 'first and later start of the whole system, memory of each service [--settle 10]',
  async run(options) {
    const home = await temporaryHome('bench');
    return undone(home.remove, async () => {
      const first = await measureStart(home.path, options, 'first start');
      const later = await measureStart(home.path, options, 'later start');
      const services = Object.entries(later.rssMbBy).filter(([name]) => !isServer(name));
      return {
        firstStartS: first.seconds,
        laterStartS: later.seconds,
        rssMbMax: Math.max(...services.map(([, mb]) => mb)),
        rssMbBy: later.rssMbBy,
        kafka: later.kafka,
      };
    });
  },
};

// PostgreSQL and Kafka are reported and not part of the limit, which is for our own processes.
const isServer = (name: string): boolean => name === 'postgres' || name === 'kafka';

async function measureStart(home: string, options: BenchOptions, what: string): Promise<Start> {
  const startedAt = performance.now();
  const system = await startSystem({ home, otherPorts: 'random' });
  const seconds = round((performance.now() - startedAt) / 1000);
  return undone(system.stop, async () => {
    await delay(options.number('settle', 10) * 1000);
    const rssMbBy = Object.fromEntries(
      Object.entries(system.pids()).map(([name, pid]) => [name, Math.round(rssMb(pid))]),
    );
    options.say(`${what}: ${seconds} s, event log: ${system.kafka.mode} (${system.kafka.reason})`);
    options.say(`  RSS in MB: ${JSON.stringify(rssMbBy)}`);
    return { seconds, rssMbBy, kafka: system.kafka.mode };
  });
}
