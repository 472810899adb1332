// What runs in each thread: the service's own main.ts, with its clock in the hands of the campaign.
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { followClock, type ClockOffset } from './clock.ts';

export type ThreadData = {
  main: string;
  /** What main.ts loads, so that it finds it loaded. */
  modules: string[];
  offset: ClockOffset;
};

const { main, modules, offset } = workerData as ThreadData;
followClock(offset);
for (const module of modules) await import(module);
await once(parentPort!, 'message');
await import(main);
