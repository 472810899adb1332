import { createHealth, type HealthPart, type PartReport } from './health.ts';

const part = (name: string, isRequired: boolean, status: PartReport['status']): HealthPart => ({
  name,
  isRequired,
  check: async () => ({ status }),
});

describe('the state of a service', () => {
  test.each<[string, PartReport['status'], PartReport['status'], string]>([
    ['serves with all its parts', 'ok', 'ok', 'ready'],
    ['serves without its event log', 'ok', 'failed', 'degraded'],
    ['waits for its consumer', 'ok', 'starting', 'starting'],
    ['does not serve without its database', 'failed', 'ok', 'failed'],
  ])('%s', async (_what, database, messaging, status) => {
    const health = createHealth('pos', [
      part('database', true, database),
      part('messaging', false, messaging),
    ]);
    expect(await health.report()).toEqual({
      service: 'pos',
      status,
      parts: { database: { status: database }, messaging: { status: messaging } },
    });
  });

  test('is draining once it was asked to end', async () => {
    const health = createHealth('pos', [part('database', true, 'ok')]);
    health.drain();
    expect(await health.report()).toMatchObject({ status: 'draining' });
  });

  test('does not show why a check failed to whoever asks', async () => {
    const check = async () => {
      throw new Error('password authentication failed for user "onecount_pos"');
    };
    const health = createHealth('pos', [{ name: 'database', isRequired: true, check }]);
    expect(await health.report()).toEqual({
      service: 'pos',
      status: 'failed',
      parts: { database: { status: 'failed' } },
    });
  });

  test('counts a part that never answers as failed', async () => {
    jest.useFakeTimers();
    const check = () => new Promise<PartReport>(() => {});
    const report = createHealth('pos', [{ name: 'database', isRequired: true, check }]).report();
    await jest.advanceTimersByTimeAsync(2000);
    expect(await report).toMatchObject({
      parts: { database: { status: 'failed', reason: 'no answer' } },
    });
    jest.useRealTimers();
  });
});
