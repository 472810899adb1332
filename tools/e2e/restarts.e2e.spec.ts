import { randomUUID } from 'node:crypto';
import { eventually, type Outcome } from '@onecount/testing';
import { startTestSystem, type TestSystem } from './support/test-system.ts';

/** 50 sales per second while a server dies by SIGKILL and comes back: nothing that was acknowledged is lost. */
const salesPerSecond = 50;
const seconds = 6;
const stock = 100_000;

let test_: TestSystem;
let registerId: string;
let skus: string[];
beforeAll(async () => {
  test_ = await startTestSystem({ env: { SWEEP_AFTER_SECONDS: '1' } });
  registerId = await test_.shop.openRegister();
  skus = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const piece = await test_.shop.createPiece({ tracking: 'QUANTITY', quantity: stock });
      return piece.sku;
    }),
  );
}, 120_000);
afterAll(() => test_?.stop(), 60_000);

type Attempt = { key: string; saleId?: string; isAcknowledged: boolean };

/** Failures are expected while a server is down: what counts is what was acknowledged. */
async function attemptSale(i: number): Promise<Attempt> {
  const key = randomUUID();
  const purchase = { channel: 'COUNTER', registerId, sku: skus[i % skus.length]! } as const;
  const outcome: Outcome | undefined = await test_.shop
    .buy(purchase, { commit: key })
    .catch(() => undefined);
  return {
    key,
    saleId: outcome?.['saleId'],
    isAcknowledged: outcome?.__typename === 'SaleCommitSuccess',
  };
}

/** An open-loop load: a slow answer does not slow the next buyer down. */
async function sellDuring(disturb: () => Promise<void>): Promise<Attempt[]> {
  const attempts: Promise<Attempt>[] = [];
  const total = salesPerSecond * seconds;
  // Resolving with the disturbance waits for its end too.
  await new Promise<void>((resolve) => {
    let disturbed: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
      attempts.push(attemptSale(attempts.length));
      if (attempts.length === total / 3) disturbed = disturb();
      if (attempts.length < total) return;
      clearInterval(timer);
      resolve(disturbed);
    }, 1000 / salesPerSecond);
  });
  return Promise.all(attempts);
}

async function committedSales(): Promise<Set<string>> {
  const rows = await test_.sources.rows('pos', `SELECT id FROM sale WHERE status = 'COMMITTED'`);
  return new Set(rows.map((row) => String(row['id'])));
}

async function expectNothingLost(attempts: Attempt[]): Promise<void> {
  await eventually(() => test_.system.ready().then(() => true), { timeoutMs: 60_000 });
  expect(await test_.violations()).toEqual([]);
  const committed = await committedSales();
  const acknowledged = attempts.filter(({ isAcknowledged }) => isAcknowledged);
  expect(acknowledged.length).toBeGreaterThan(attempts.length / 4);
  for (const { saleId } of acknowledged) expect(committed).toContain(saleId);
  const [left] = await test_.sources.rows<{ on_hand: number }>(
    'inventory',
    'SELECT sum(on_hand) AS on_hand FROM level',
  );
  expect(Number(left!.on_hand)).toBe(stock * skus.length - committed.size);
}

test('PostgreSQL dies by SIGKILL in the middle of 50 sales a second', async () => {
  const attempts = await sellDuring(() => test_.system.restartPostgres({ kill: true }));
  await test_.reopenSources();
  await expectNothingLost(attempts);
}, 240_000);

test('Kafka dies by SIGKILL in the middle of 50 sales a second', async () => {
  if (test_.system.kafka.mode === 'embedded') return;
  const attempts = await sellDuring(() => test_.system.restartKafka({ kill: true }));
  await expectNothingLost(attempts);
}, 240_000);

test('every service dies by SIGKILL in turn in the middle of 50 sales a second', async () => {
  const attempts = await sellDuring(async () => {
    for (const service of ['inventory', 'pos', 'catalog', 'storefront-sync', 'gateway'] as const) {
      test_.system.kill(service, 'SIGKILL');
      await eventually(() => test_.system.ready(service).then(() => true), { timeoutMs: 30_000 });
    }
  });
  await expectNothingLost(attempts);
}, 240_000);
