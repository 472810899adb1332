import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

type Request = { sentAt: number; requestTimeout: number; timeoutRequest(): void };
type Queue = {
  pending: unknown[];
  inflight: Map<number, Request>;
  enforceRequestTimeout: boolean;
  requestTimeoutIntervalId: NodeJS.Timeout;
  isConnected(): boolean;
  destroy(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
};

// A request may take 15 s and more.
const timeoutCheckMs = 1_000;

let isMended = false;

/**
 * kafkajs 2.2.4 looks at the waiting requests of a connection again after `throttledUntil - now` ms. With
 * no throttling that is negative, so Node takes 1 ms, and every look arms the next: a timer loop of 1 ms
 * on every connection for as long as it lives (671 context switches a second in an idle service against
 * 86). A look is needed only while something waits: an answer to a request looks by itself, and a
 * new request that must wait is put in the queue before this is called.
 * It also looks for requests without an answer ten times a second on every connection: once does.
 *
 * Throws when kafkajs is no longer what this was written for; the version is pinned.
 */
export function mendRequestQueue(): void {
  if (isMended) return;
  const queue = RequestQueue.prototype as Queue;
  const schedule: unknown = queue.scheduleCheckPendingRequests;
  if (typeof schedule !== 'function' || typeof queue.scheduleRequestTimeoutCheck !== 'function')
    throw new TypeError('kafkajs has another request queue than the one that is mended here');
  queue.scheduleCheckPendingRequests = function (this: Queue) {
    if (this.pending.length > 0) Reflect.apply(schedule, this, []);
  };
  queue.scheduleRequestTimeoutCheck = function (this: Queue) {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(() => endLateRequests(this), timeoutCheckMs);
  };
  isMended = true;
}

function endLateRequests(queue: Queue): void {
  for (const request of queue.inflight.values())
    if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
  if (!queue.isConnected()) queue.destroy();
}
