import { randomUUID } from 'node:crypto';
import { eventually, type Outcome } from '@onecount/testing';
import { startTestSystem, type TestSystem } from './support/test-system.ts';

let test_: TestSystem;
let registerId: string;
beforeAll(async () => {
  test_ = await startTestSystem();
  registerId = await test_.shop.openRegister();
});
afterAll(() => test_?.stop());

const tenders = [{ kind: 'CARD', amount: { amount: '4200.00', currencyCode: 'USD' } }];

async function basket(): Promise<{ saleId: string; sku: string }> {
  const { sku } = await test_.shop.createPiece({});
  const opened = await test_.shop.expecting('saleOpen', {
    channel: 'COUNTER',
    registerId,
    currencyCode: 'USD',
  });
  const saleId = opened['sale'].id as string;
  await test_.shop.expecting('saleLineAdd', { saleId, sku });
  return { saleId, sku };
}

const countOf = async (saleId: string): Promise<unknown> => {
  await test_.drained();
  const events = await test_.sources.rows(
    'pos',
    `SELECT count(*) AS events FROM outbox WHERE aggregate_id = $1 AND type = 'pos.sale-committed'`,
    [saleId],
  );
  const movements = await test_.sources.rows(
    'inventory',
    `SELECT count(*) AS movements FROM movement WHERE reference_id = $1`,
    [saleId],
  );
  return { ...events[0], ...movements[0] };
};

test('same key and input: the same answer, one effect', async () => {
  const { saleId } = await basket();
  const input = { saleId, tenders, idempotencyKey: randomUUID() };
  const first = await test_.shop.expecting('saleCommit', input);
  expect(await test_.shop.call('saleCommit', input)).toEqual(first);
  expect(await countOf(saleId)).toEqual({ events: 1, movements: 1 });
});

test('two at once: one runs, the other gets its answer', async () => {
  const { saleId } = await basket();
  const input = { saleId, tenders, idempotencyKey: randomUUID() };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => test_.shop.call('saleCommit', input)),
  );
  expect(answers[0]!.__typename).toBe('SaleCommitSuccess');
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await countOf(saleId)).toEqual({ events: 1, movements: 1 });
});

test('same key and other input: IdempotencyKeyReused, nothing changes', async () => {
  const { saleId } = await basket();
  const other = await basket();
  const idempotencyKey = randomUUID();
  const first = await test_.shop.expecting('saleCommit', { saleId, tenders, idempotencyKey });
  const cash = [{ ...tenders[0], kind: 'CASH' }];
  for (const input of [
    { saleId, tenders: cash, idempotencyKey },
    { saleId: other.saleId, tenders, idempotencyKey },
  ]) {
    const refused = await test_.shop.call('saleCommit', input);
    expect(refused.__typename).toBe('IdempotencyKeyReused');
  }
  expect(await test_.shop.call('saleCommit', { saleId, tenders, idempotencyKey })).toEqual(first);
  expect(await countOf(other.saleId)).toEqual({ events: 0, movements: 0 });
});

test('the first answer was lost and the service restarted: asked again, the same sale', async () => {
  const { saleId } = await basket();
  const input = { saleId, tenders, idempotencyKey: randomUUID() };
  test_.arm('pos', 'sale.commit.after-commit');
  await test_.shop.call('saleCommit', input).catch(() => 'the answer is lost with the process');
  await test_.system.ready('pos');
  const answer = await eventually<Outcome | false>(async () => {
    const found = await test_.shop.call('saleCommit', input);
    return found.__typename === 'SaleCommitSuccess' && found;
  });
  expect(answer['sale']).toMatchObject({ id: saleId, status: 'COMMITTED' });
  expect(await test_.shop.call('saleCommit', input)).toEqual(answer);
  expect(await countOf(saleId)).toEqual({ events: 1, movements: 1 });
});

test('every promise holds afterwards', async () => {
  expect(await test_.violations()).toEqual([]);
});
