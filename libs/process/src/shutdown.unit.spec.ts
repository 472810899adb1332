import { createLogger } from '@onecount/telemetry';
import { createShutdown, type Step } from './shutdown.ts';

function recorded() {
  const done: string[] = [];
  const step = (name: string, run: () => Promise<void> = async () => {}): Step => ({
    name,
    async run() {
      done.push(name);
      await run();
    },
  });
  return { done, step };
}
const log = createLogger({ service: 'pos', level: 'silent' });

describe('the drain', () => {
  test('takes the steps in order, once, however often it is asked for', async () => {
    const { done, step } = recorded();
    const shutdown = createShutdown(log, [step('consumer'), step('server'), step('database')]);
    const both = await Promise.all([shutdown('SIGTERM'), shutdown('SIGINT')]);
    expect(both).toEqual([true, true]);
    expect(done).toEqual(['consumer', 'server', 'database']);
  });

  test('goes on after a step that failed, and says that it was not clean', async () => {
    const { done, step } = recorded();
    const failing = step('consumer', async () => {
      throw new Error('the coordinator is away');
    });
    expect(await createShutdown(log, [failing, step('database')])('SIGTERM')).toBe(false);
    expect(done).toEqual(['consumer', 'database']);
  });

  test('gives up in time when a step hangs', async () => {
    jest.useFakeTimers();
    const { done, step } = recorded();
    const hanging = step('server', () => new Promise(() => {}));
    const shutdown = createShutdown(log, [hanging, step('database')])('SIGTERM');
    await jest.advanceTimersByTimeAsync(8000);
    expect(await shutdown).toBe(false);
    expect(done).toEqual(['server']);
    jest.useRealTimers();
  });
});
