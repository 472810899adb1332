import { metrics } from '@onecount/telemetry';
import { createOutageLog, type Dependency } from './outage-log.ts';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** A log over dependencies that are away while the test says so. */
function recorded(...names: string[]) {
  const lines: [string, object, string][] = [];
  const say = (level: string) => (fields: object, message: string) =>
    void lines.push([level, fields, message]);
  const isAway = new Set(names);
  const dependencies = names.map((name): Dependency => ({
    name,
    isAway: ({ err }) => err === away,
    ask: () => (isAway.has(name) ? Promise.reject(away) : Promise.resolve()),
  }));
  const log = createOutageLog(
    { info: say('info'), warn: say('warn'), error: say('error') },
    dependencies,
  );
  const after = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000);
  return {
    log,
    lines,
    after,
    isBack: (name: string) => isAway.delete(name),
    messages: () => lines.map(([, , message]) => message),
  };
}

async function counted(metric: string, dependency: string): Promise<number | undefined> {
  const { values } = await metrics.getSingleMetric(metric)!.get();
  return values.find(({ labels }) => labels['dependency'] === dependency)?.value;
}

describe('an outage', () => {
  test('has a line when it begins and one when it is over, and its failures are counted', async () => {
    const { log, lines, after, isBack } = recorded('one');
    for (let tick = 0; tick < 40; tick++) {
      log.error({ err: away, tick }, 'a sweep failed');
      log.info({ err: away }, 'and something else');
      await after(0.25);
    }
    expect(lines).toEqual([
      [
        'warn',
        { dependency: 'one', reason: 'connect ECONNREFUSED', noticed: 'a sweep failed' },
        'one is away; failures are counted until it is back',
      ],
    ]);
    isBack('one');
    await after(10);
    expect(lines.slice(1)).toEqual([
      ['warn', { dependency: 'one', seconds: expect.closeTo(11, 0), failures: 80 }, 'one is back'],
    ]);
    expect(await counted('onecount_outages_total', 'one')).toBe(1);
    expect(await counted('onecount_outage_failures_total', 'one')).toBe(80);
  });

  test('is not over while work fails, whoever answers, nor begun anew by who waited through its end', async () => {
    const { log, after, isBack, messages } = recorded('two');
    isBack('two');
    for (let tick = 0; tick < 10; tick++) {
      log.warn({ err: away }, 'a standby does not write');
      await after(5);
    }
    expect(messages()).toHaveLength(1);
    await after(10);
    expect(messages()[1]).toBe('two is back');
  });

  test('that comes again has its own two lines', async () => {
    const { log, after, isBack, messages } = recorded('three');
    isBack('three');
    for (let outage = 0; outage < 2; outage++) {
      log.warn({ err: away }, 'lost');
      await after(10);
    }
    const away3 = 'three is away; failures are counted until it is back';
    expect(messages()).toEqual([away3, 'three is back', away3, 'three is back']);
  });
});

test('a line about anything else is written as it was given, during an outage too', async () => {
  const { log, lines } = recorded('four');
  log.warn({ err: away }, 'lost');
  const err = new Error('a bug');
  log.error({ err, id: 1 }, 'failed');
  log.info({}, 'told');
  expect(lines.slice(1)).toEqual([
    ['error', { err, id: 1 }, 'failed'],
    ['info', {}, 'told'],
  ]);
});

test('a closed log asks nobody any more', async () => {
  const { log, after, isBack, messages } = recorded('five');
  log.warn({ err: away }, 'lost');
  log.close();
  isBack('five');
  await after(60);
  expect(messages()).toHaveLength(1);
  expect(jest.getTimerCount()).toBe(0);
});
