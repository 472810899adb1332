import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { services, type Launch, type SystemService } from '@onecount/local-stack';
import { programOf } from '../bundle/program.ts';
import { newClockOffset, type ClockOffset } from './clock.ts';
import type { Network } from './network.ts';
import type { ThreadData } from './thread.ts';

export type Threads = {
  launch: Launch;
  /** By service; 0 is the true time. A thread that is started again has what its predecessor had. */
  clocks: Record<SystemService, ClockOffset>;
};

const entry = pathToFileURL(join(import.meta.dirname, 'thread.ts'));

/** Each service is a thread of this process; to kill it is to terminate it, without a word to it. */
export function createThreads(network: Network): Threads {
  const clocks = Object.fromEntries(
    services.map((name) => [name, newClockOffset()]),
  ) as Threads['clocks'];
  return {
    clocks,
    launch(spec) {
      const name = spec.name as SystemService;
      network.serves(name, spec.url);
      const { main, env } = programOf(spec);
      const data: ThreadData = { main: pathToFileURL(main).href, offset: clocks[name] };
      const worker = new Worker(entry, {
        ...{ name, stdout: true, stderr: true, workerData: data },
        env: network.wired(name, env),
      });
      const kill = () => {
        void worker.terminate();
        return true;
      };
      return Object.assign(worker, { pid: process.pid, kill });
    },
  };
}
