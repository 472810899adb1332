// What runs in each thread: the service's own main.ts, with its clock in the hands of the campaign.
import { workerData } from 'node:worker_threads';
import { followClock, type ClockOffset } from './clock.ts';

const { main, offset } = workerData as { main: string; offset: ClockOffset };
followClock(offset);
await import(main);
