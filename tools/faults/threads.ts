import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { services, type Launch, type ServiceSpec, type SystemService } from '@onecount/local-stack';
import { newClockOffset, type ClockOffset } from './clock.ts';
import type { Network } from './network.ts';
import type { ThreadData } from './thread.ts';

export type Threads = {
  launch: Launch;
  /** By service; 0 is the true time. A thread that is started again has what its predecessor had. */
  clocks: Record<SystemService, ClockOffset>;
  /** Ends the threads that wait for their turn. */
  close(): Promise<void>;
};

const root = join(import.meta.dirname, '../..');
const entry = pathToFileURL(join(import.meta.dirname, 'thread.ts'));
const urlOf = (path: string) => pathToFileURL(join(root, path)).href;

/**
 * Each service is a thread of this process; to kill it is to terminate it, without a word to it. Whoever was killed
 * once is killed again: from then on a successor has loaded the service's modules already, of which it runs nothing
 * before its turn.
 */
export function createThreads(network: Network): Threads {
  const clocks = Object.fromEntries(
    services.map((name) => [name, newClockOffset()]),
  ) as Threads['clocks'];
  const known = new Set<string>();
  const successors = new Map<string, Worker>();

  function newThread({ name, env }: ServiceSpec): Worker {
    const service = name as SystemService;
    const data: ThreadData = {
      main: urlOf(`apps/${name}/src/main.ts`),
      modules: modulesOf(name, env),
      offset: clocks[service],
    };
    return new Worker(entry, {
      ...{ name, stdout: true, stderr: true, workerData: data },
      env: network.wired(service, env),
    });
  }

  return {
    clocks,
    launch(spec) {
      network.serves(spec.name as SystemService, spec.url);
      const worker = successors.get(spec.name) ?? newThread(spec);
      if (known.has(spec.name)) successors.set(spec.name, newThread(spec));
      known.add(spec.name);
      worker.postMessage('your turn');
      const kill = () => {
        void worker.terminate();
        return true;
      };
      return Object.assign(worker, { pid: process.pid, kill });
    },
    async close() {
      await Promise.all([...successors.values()].map((worker) => worker.terminate()));
    },
  };
}

/** Nearly everything that a service loads, and nothing that starts it. */
function modulesOf(name: string, env: Record<string, string>): string[] {
  if (name === 'gateway') {
    return ['without-reporting', 'config', 'gateway-server'].map((module) =>
      urlOf(`apps/gateway/src/${module}.ts`),
    );
  }
  const transport = env['KAFKA_BROKERS'] ? 'kafka/kafka' : 'embedded/embedded';
  return [
    ...['config', 'service'].map((module) => `apps/${name}/src/${module}.ts`),
    ...['libs/db/src/entity-source.ts', `libs/messaging/src/${transport}.transport.ts`],
  ].map(urlOf);
}
