import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { mendRequestQueue } from './kafka.request-queue.ts';

type Queue = {
  push(request: object): void;
  fulfillRequest(answer: object): void;
  maybeThrottle(ms: number): void;
  scheduleRequestTimeoutCheck(): void;
};

beforeAll(mendRequestQueue);
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function connection() {
  const sent: number[] = [];
  const ended: number[] = [];
  const nothing = () => {};
  const queue = new RequestQueue({
    ...{ clientId: 'test', broker: 'test', maxInFlightRequests: 1, requestTimeout: 1_000 },
    ...{ enforceRequestTimeout: true, isConnected: () => true },
    logger: { debug: nothing, warn: nothing },
  }) as Queue;
  return {
    sent,
    ended,
    queue,
    ask: (correlationId: number) =>
      queue.push({
        entry: { correlationId, resolve: nothing, reject: () => void ended.push(correlationId) },
        expectResponse: true,
        sendRequest: () => void sent.push(correlationId),
      }),
    answer: (correlationId: number) =>
      queue.fulfillRequest({ correlationId, size: 0, payload: null }),
  };
}

it('a connection on which nothing waits has no timer', () => {
  const { ask, answer, sent } = connection();
  ask(1);
  answer(1);
  expect({ sent, timers: jest.getTimerCount() }).toEqual({ sent: [1], timers: 0 });
});

it('a request that waits for an answer to another leaves with that answer', () => {
  const { ask, answer, sent } = connection();
  ask(1);
  ask(2);
  expect(sent).toEqual([1]);
  answer(1);
  expect(sent).toEqual([1, 2]);
  answer(2);
  jest.advanceTimersByTime(1_000);
  expect(jest.getTimerCount()).toBe(0);
});

it('a request that the broker throttles leaves when the throttling ends', () => {
  const { ask, queue, sent } = connection();
  queue.maybeThrottle(500);
  ask(1);
  jest.advanceTimersByTime(499);
  expect(sent).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(sent).toEqual([1]);
});

it('a request without an answer is ended, by one look a second', () => {
  const { ask, queue, ended } = connection();
  const looks = jest.spyOn(globalThis, 'setInterval');
  queue.scheduleRequestTimeoutCheck();
  expect(looks.mock.calls.map(([, ms]) => ms)).toEqual([1_000]);
  ask(1);
  jest.advanceTimersByTime(1_000);
  expect(ended).toEqual([]);
  jest.advanceTimersByTime(1_000);
  expect(ended).toEqual([1]);
});
