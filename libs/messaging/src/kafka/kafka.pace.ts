import { fetchEveryMs, fetchEveryMsBusy } from '../transport.ts';

// A fetch that waited longer than this for what it brought came into a calm.
const calmMs = 50;
const busyAfterMs = 1_000;

/**
 * When the next fetch may begin: soon after one that had to wait, later while each finds something at once for
 * a second and more; or always so far from the last. Told of every partition that a fetch brings, by the time at
 * which it came.
 */
export function createPace(everyMs?: number): (fetchedAt: number) => number {
  let nextAt = 0;
  let busySince = 0;
  return (fetchedAt) => {
    const isSameFetch = fetchedAt < nextAt;
    if (isSameFetch) return nextAt;
    if (fetchedAt - nextAt > calmMs) busySince = fetchedAt;
    const isBusy = fetchedAt - busySince > busyAfterMs;
    nextAt = fetchedAt + (everyMs ?? (isBusy ? fetchEveryMsBusy : fetchEveryMs));
    return nextAt;
  };
}
