import { createWorker } from './worker.ts';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A worker whose runs end when the test says so. */
function recorded(times: { intervalMs: number; idleMs?: number }) {
  const begun: number[] = [];
  const errors: unknown[] = [];
  const startedAt = Date.now();
  let end: PromiseWithResolvers<void> | undefined;
  let signal: AbortSignal | undefined;
  const worker = createWorker({
    name: 'recorded',
    ...times,
    onError: (err) => errors.push(err),
    run(given) {
      expect(end).toBeUndefined();
      begun.push(Date.now() - startedAt);
      signal = given;
      end = Promise.withResolvers();
      return end.promise.finally(() => (end = undefined));
    },
  });
  const after = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  return {
    ...{ worker, begun, errors, after },
    isAborted: () => signal?.aborted,
    async finish(err?: Error) {
      if (err) end?.reject(err);
      else end?.resolve();
      await after(0);
    },
  };
}

describe('a worker', () => {
  test('runs at once, and again so long after the run that nobody woke it during', async () => {
    const { worker, begun, after, finish } = recorded({ intervalMs: 10, idleMs: 100 });
    worker.start();
    await after(50);
    expect(begun).toEqual([0]);
    await finish();
    await after(99);
    expect(begun).toEqual([0]);
    await after(1);
    expect(begun).toEqual([0, 150]);
  });

  test('that is woken begins again when its interval is over, once however often it is woken', async () => {
    const { worker, begun, after, finish } = recorded({ intervalMs: 10, idleMs: 100 });
    worker.start();
    await after(0);
    await finish();
    await after(4);
    for (let i = 0; i < 3; i++) worker.wake();
    await after(5);
    expect(begun).toEqual([0]);
    await after(1);
    expect(begun).toEqual([0, 10]);
    await finish();
    await after(99);
    expect(begun).toEqual([0, 10]);
  });

  test('that is woken during a run makes another after it, never two at a time', async () => {
    const { worker, begun, after, finish } = recorded({ intervalMs: 10, idleMs: 100 });
    worker.start();
    await after(20);
    worker.wake();
    await after(20);
    expect(begun).toEqual([0]);
    await finish();
    expect(begun).toEqual([0, 40]);
  });

  test('that is woken after a long rest begins at once', async () => {
    const { worker, begun, after, finish } = recorded({ intervalMs: 10, idleMs: 100 });
    worker.start();
    await after(0);
    await finish();
    await after(50);
    worker.wake();
    await after(0);
    expect(begun).toEqual([0, 50]);
  });

  test('reports a failure and goes on', async () => {
    const { worker, begun, errors, after, finish } = recorded({ intervalMs: 10 });
    worker.start();
    await after(0);
    const away = new Error('the database is away');
    await finish(away);
    await after(10);
    expect(errors).toEqual([away]);
    expect(begun).toEqual([0, 10]);
  });

  test('outlives a run that throws before it has begun to wait', async () => {
    let runs = 0;
    const run = () => {
      runs++;
      throw new Error('at once');
    };
    const worker = createWorker({ name: 'failing', intervalMs: 10, run, onError: () => {} });
    worker.start();
    await jest.advanceTimersByTimeAsync(25);
    expect(runs).toBe(3);
  });

  test('waits at its end for the run under way, which is reported, and makes no other', async () => {
    const { worker, begun, isAborted, after, finish } = recorded({ intervalMs: 10 });
    worker.start();
    await after(0);
    const ended = jest.fn();
    void worker.stop().then(ended);
    worker.wake();
    await after(50);
    expect(isAborted()).toBe(true);
    expect(ended).not.toHaveBeenCalled();
    await finish();
    expect(ended).toHaveBeenCalledTimes(1);
    await after(50);
    expect(begun).toEqual([0]);
  });

  test('does nothing before its start, and is started once however often one asks', async () => {
    const { worker, begun, after, finish } = recorded({ intervalMs: 10 });
    worker.wake();
    await after(50);
    expect(begun).toEqual([]);
    worker.start();
    worker.start();
    await after(0);
    await finish();
    expect(begun).toEqual([50]);
    await worker.stop();
    worker.start();
    await after(0);
    expect(begun).toEqual([50, 50]);
  });
});
