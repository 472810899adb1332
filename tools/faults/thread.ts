// What runs in each thread: the service's own program, with its clock in the hands of the campaign.
import { workerData } from 'node:worker_threads';
import { followClock, type ClockOffset } from './clock.ts';

export type ThreadData = { main: string; offset: ClockOffset };

const { main, offset } = workerData as ThreadData;
followClock(offset);
await import(main);
