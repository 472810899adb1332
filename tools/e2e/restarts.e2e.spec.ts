import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@onecount/testing';
import { startTestSystem, type TestSystem } from './support/test-system.ts';

/**
 * A server dies by SIGKILL while people buy, and comes back: nothing that was acknowledged is lost. How many sales a
 * second there are is the machine's affair; each wait is for a number of them.
 */
const buyers = 16;
const salesBetween = 40;
const pauseAfterFailureMs = 50;
const stock = 100_000;

let test_: TestSystem;
let registerId: string;
let skus: string[];
beforeAll(async () => {
  test_ = await startTestSystem({ isDurable: true, env: { SWEEP_AFTER_SECONDS: '1' } });
  registerId = await test_.shop.openRegister();
  skus = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const piece = await test_.shop.createPiece({ tracking: 'QUANTITY', quantity: stock });
      return piece.sku;
    }),
  );
});
afterAll(() => test_?.stop());

type Load = {
  /** Waits until this many sales that began after now have been acknowledged. */
  acknowledged(count: number): Promise<void>;
  /** Lets the last attempts end; the sales that were acknowledged. */
  stop(): Promise<string[]>;
};

/** Buyers without end: each begins the next sale when its last one has ended, however it ended. */
function startBuying(): Load {
  const acknowledged: { saleId: string; begun: number }[] = [];
  let begun = 0;
  let isOver = false;
  const buyer = async () => {
    while (!isOver) {
      const nth = begun++;
      const purchase = { channel: 'COUNTER', registerId, sku: skus[nth % skus.length]! } as const;
      // Failures are expected while a server is down: what counts is what was acknowledged.
      const outcome = await test_.shop.buy(purchase).catch(() => undefined);
      if (outcome?.__typename === 'SaleCommitSuccess')
        acknowledged.push({ saleId: outcome['saleId'], begun: nth });
      // Refused connections are cheap: without a pause those who ask would starve what is being started.
      else await delay(pauseAfterFailureMs);
    }
  };
  const all = Promise.all(Array.from({ length: buyers }, buyer));
  return {
    async acknowledged(count) {
      const from = begun;
      const isEnough = () => acknowledged.filter((sale) => sale.begun >= from).length >= count;
      await eventually(isEnough, { what: `${count} further sales` });
    },
    async stop() {
      isOver = true;
      await all;
      return acknowledged.map(({ saleId }) => saleId);
    },
  };
}

async function committedSales(): Promise<Set<string>> {
  const rows = await test_.sources.rows('pos', `SELECT id FROM sale WHERE status = 'COMMITTED'`);
  return new Set(rows.map((row) => String(row['id'])));
}

/** The load runs before, during and after what is done to the system. */
async function expectNothingLost(disturb: (load: Load) => Promise<void>): Promise<void> {
  const load = startBuying();
  await load.acknowledged(salesBetween);
  await disturb(load);
  await load.acknowledged(salesBetween);
  const acknowledged = await load.stop();
  await test_.system.ready();
  expect(await test_.violations()).toEqual([]);
  const committed = await committedSales();
  for (const saleId of acknowledged) expect(committed).toContain(saleId);
  const [left] = await test_.sources.rows<{ on_hand: number }>(
    'inventory',
    'SELECT sum(on_hand) AS on_hand FROM level',
  );
  expect(Number(left!.on_hand)).toBe(stock * skus.length - committed.size);
}

test('PostgreSQL dies by SIGKILL while people buy', () =>
  expectNothingLost(async () => {
    await test_.system.restartPostgres({ kill: true });
    await test_.reopenSources();
  }));

test('Kafka dies by SIGKILL while people buy', async () => {
  if (test_.system.kafka.mode === 'embedded') return;
  await expectNothingLost(() => test_.system.restartKafka({ kill: true }));
});

test('every service dies by SIGKILL in turn while people buy', () =>
  expectNothingLost(async (load) => {
    for (const service of ['inventory', 'pos', 'catalog', 'storefront-sync', 'gateway'] as const) {
      const { starts } = test_.system.services[service];
      const before = starts();
      test_.system.kill(service, 'SIGKILL');
      await eventually(() => starts() > before, { what: `${service} is started again` });
      await test_.system.ready(service);
      await load.acknowledged(salesBetween);
    }
  }));
