import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

type Queue = { pending: unknown[]; scheduleCheckPendingRequests(): void };

let isMended = false;

/**
 * kafkajs 2.2.4 looks at the waiting requests of a connection again after `throttledUntil - now` ms. With
 * no throttling that is negative, so Node takes 1 ms, and every look arms the next: a timer loop of 1 ms
 * on every connection for as long as it lives (671 context switches a second in an idle service against
 * 86). A look is needed only while something waits: an answer to a request looks by itself, and a
 * new request that must wait is put in the queue before this is called.
 *
 * Throws when kafkajs is no longer what this was written for; the version is pinned.
 */
export function mendRequestQueue(): void {
  if (isMended) return;
  const queue = RequestQueue.prototype as Queue;
  const schedule: unknown = queue.scheduleCheckPendingRequests;
  if (typeof schedule !== 'function')
    throw new TypeError('kafkajs has another request queue than the one that is mended here');
  queue.scheduleCheckPendingRequests = function (this: Queue) {
    if (this.pending.length > 0) Reflect.apply(schedule, this, []);
  };
  isMended = true;
}
