import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { services, type Launch, type SystemService } from '@onecount/local-stack';
import { newClockOffset, type ClockOffset } from './clock.ts';
import type { Network } from './network.ts';

export type Threads = {
  launch: Launch;
  /** By service; 0 is the true time. A thread that is started again has what its predecessor had. */
  clocks: Record<SystemService, ClockOffset>;
};

const root = join(import.meta.dirname, '../..');
const entry = pathToFileURL(join(import.meta.dirname, 'thread.ts'));

/** Each service is a thread of this process; to kill it is to terminate it, without a word to it. */
export function createThreads(network: Network): Threads {
  const clocks = Object.fromEntries(
    services.map((name) => [name, newClockOffset()]),
  ) as Threads['clocks'];
  return {
    clocks,
    launch({ name, url, env }) {
      const service = name as SystemService;
      network.serves(service, url);
      const main = pathToFileURL(join(root, 'apps', name, 'src/main.ts')).href;
      const worker = new Worker(entry, {
        ...{ name, stdout: true, stderr: true },
        workerData: { main, offset: clocks[service] },
        env: network.wired(service, env),
      });
      const kill = () => {
        void worker.terminate();
        return true;
      };
      return Object.assign(worker, { pid: process.pid, kill });
    },
  };
}
