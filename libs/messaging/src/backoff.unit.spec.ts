import {
  createAlarm,
  createBackoff,
  DeadlineError,
  pause,
  pauseUntil,
  withDeadline,
} from './backoff.ts';

test('back-off doubles up to its limit, within a fifth, and begins anew', () => {
  const backoff = createBackoff({ firstMs: 100, maxMs: 400 });
  for (const expected of [100, 200, 400, 400]) {
    const ms = backoff.nextMs();
    expect(ms).toBeGreaterThanOrEqual(expected * 0.8);
    expect(ms).toBeLessThanOrEqual(expected * 1.2);
  }
  backoff.reset();
  expect(backoff.nextMs()).toBeLessThanOrEqual(120);
});

test('an alarm that rang before the wait is not lost', async () => {
  const alarm = createAlarm();
  alarm.ring();
  await alarm.wait(60_000);
  let isAwake = false;
  const waiting = alarm.wait(60_000).then(() => (isAwake = true));
  await Promise.resolve();
  expect(isAwake).toBe(false);
  alarm.ring();
  await waiting;
});

test('a pause ends when its signal aborts', async () => {
  const stopping = new AbortController();
  const pausing = pause(60_000, stopping.signal);
  stopping.abort();
  await pausing;
  await pause(60_000, stopping.signal);
});

test('a pause until an instant is no longer when the clock is set back meanwhile', async () => {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(-3_600_000);
  await pauseUntil(performance.now() + 5);
  clock.mockRestore();
});

test('a deadline names what took too long, and passes on results and errors', async () => {
  await expect(withDeadline(5, 'asking', new Promise(() => {}))).rejects.toThrow(
    new DeadlineError('asking took over 5 ms'),
  );
  await expect(withDeadline(60_000, 'asking', Promise.resolve(7))).resolves.toBe(7);
  await expect(withDeadline(60_000, 'asking', Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
});
