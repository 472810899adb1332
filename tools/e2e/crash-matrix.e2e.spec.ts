import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { FailpointName } from '@onecount/failpoint';
import type { SystemService } from '@onecount/local-stack';
import { cases, eventually, type Outcome } from '@onecount/testing';
import { startTestSystem, type TestSystem } from './support/test-system.ts';

/**
 * The process that owns a step of the sale dies by SIGKILL at that step, the supervisor restarts it,
 * and the sale ends by itself: committed if anybody was told so, and every promise holds.
 */
let test_: TestSystem;
let registerId: string;
beforeAll(async () => {
  test_ = await startTestSystem({
    ...{ env: { SWEEP_AFTER_SECONDS: '1' }, readsAlong: true },
    // The supervisor waits longer for a process that ends again and again: here each test kills one.
    restartMsMax: 200,
  });
  registerId = await test_.shop.openRegister();
});
afterAll(() => test_?.stop());

type Step = [SystemService, FailpointName];
type Deaths = [SystemService[], FailpointName];

const checkoutSteps: Step[] = [
  ['pos', 'sale.intent.before-commit'],
  ['pos', 'sale.intent.after-commit'],
  ['pos', 'sale.claim.before-request'],
  ['inventory', 'claim.before-commit'],
  ['inventory', 'claim.after-commit'],
  ['pos', 'sale.claim.after-answer'],
  ['pos', 'sale.commit.before-commit'],
  ['pos', 'sale.commit.after-commit'],
  ['pos', 'outbox.before-publish'],
  ['pos', 'outbox.after-publish'],
];
/** A sale that is paid already has an intent of its own; from there it is a checkout. */
const recordSteps: Step[] = [
  ['pos', 'sale.record.before-commit'],
  ['pos', 'sale.record.after-commit'],
  ...checkoutSteps.slice(2),
];
const consumers: SystemService[] = ['inventory', 'catalog', 'passport', 'workshop'];
const inboxPoints = ['inbox.before-effect', 'inbox.before-commit', 'inbox.after-commit'] as const;
// All consumers die at one sale; in a campaign each of them alone as well.
const applySteps: Deaths[] = inboxPoints.flatMap((point) =>
  cases<Deaths>({
    together: [[consumers, point]],
    alone: [[consumers, point], ...consumers.map((one): Deaths => [[one], point])],
  }),
);
const levelSteps: Step[] = [
  ['inventory', 'outbox.before-publish'],
  ['inventory', 'outbox.after-publish'],
  ['storefront-sync', 'inbox.before-effect'],
  ['storefront-sync', 'inbox.before-commit'],
  ['storefront-sync', 'inbox.after-commit'],
];
const voidSteps: Step[] = [
  ['pos', 'sale.void.before-commit'],
  ['pos', 'sale.void.after-commit'],
  ['pos', 'sale.release.before-request'],
  ['inventory', 'release.before-commit'],
  ['inventory', 'release.after-commit'],
  ['pos', 'sale.release.after-answer'],
];

const returnSteps: Step[] = [
  ['pos', 'return.before-commit'],
  ['pos', 'return.after-commit'],
  ['inventory', 'inbox.before-commit'],
  ['inventory', 'inbox.after-commit'],
];

const isArmed = (service: SystemService, point: FailpointName) =>
  existsSync(test_.failpointPath(service, point));

/** The service has died at the point and answers again. */
async function diedAndCameBack([service, point]: Step, startsBefore: number): Promise<void> {
  await eventually(() => !isArmed(service, point), {
    what: `${point} is passed`,
  });
  await eventually(() => test_.system.services[service].starts() > startsBefore, {
    what: `${service} is started again`,
  });
  await test_.system.ready(service);
}

async function basket(): Promise<{ saleId: string; sku: string }> {
  const { sku } = await test_.shop.createPiece({});
  const input = { channel: 'COUNTER', registerId, currencyCode: 'USD' };
  const saleId = (await test_.shop.expecting('saleOpen', input))['sale'].id as string;
  await test_.shop.expecting('saleLineAdd', { saleId, sku });
  return { saleId, sku };
}

/** Asks until there is an outcome, as a till does that lost its answer. */
async function finalAnswer(
  name: 'saleOpen' | 'saleCommit' | 'saleRecord' | 'saleVoid' | 'saleReturn',
  input: object,
): Promise<Outcome> {
  return eventually<Outcome | false>(
    async () => {
      const outcome = await test_.shop.call(name, { ...input });
      return outcome.__typename !== 'SalePending' && outcome;
    },
    { intervalMs: 100 },
  );
}

async function statusOf(saleId: string): Promise<unknown> {
  const [sale] = await test_.sources.rows('pos', 'SELECT status FROM sale WHERE id = $1', [saleId]);
  return sale?.['status'];
}

const alone = ([service, point]: Step): Deaths => [[service], point];

test.each([...checkoutSteps.map(alone), ...applySteps, ...levelSteps.map(alone)])(
  'checkout: %j dies at %s, the sale is committed once',
  async (services, point) => {
    const { saleId } = await basket();
    const starts = services.map((service) => test_.system.services[service].starts());
    for (const service of services) test_.arm(service, point);
    const input = {
      saleId,
      tenders: [{ kind: 'CARD', amount: { amount: '4200.00', currencyCode: 'USD' } }],
      idempotencyKey: randomUUID(),
    };
    const first = await test_.shop.call('saleCommit', input).catch(() => undefined);
    await Promise.all(
      services.map((service, nth) => diedAndCameBack([service, point], starts[nth]!)),
    );
    const answer = await finalAnswer('saleCommit', input);
    expect(answer.__typename).toBe('SaleCommitSuccess');
    if (first?.__typename === 'SaleCommitSuccess') expect(answer).toEqual(first);
    expect(await test_.shop.call('saleCommit', input)).toEqual(answer);
    expect(await test_.violations()).toEqual([]);
    expect(await statusOf(saleId)).toBe('COMMITTED');
  },
);

test.each(recordSteps)(
  'a sale in one call: %s dies at %s, the sale is committed once',
  async (...step) => {
    const [service, point] = step;
    const { sku, serials } = await test_.shop.createPiece({});
    const starts = test_.system.services[service].starts();
    test_.arm(service, point);
    const input = {
      ...{ channel: 'COUNTER', registerId, currencyCode: 'USD', idempotencyKey: randomUUID() },
      externalId: randomUUID(),
      lines: [{ sku, serial: serials[0] }],
      tenders: [{ kind: 'CARD', amount: { amount: '4200.00', currencyCode: 'USD' } }],
    };
    const first = await test_.shop.call('saleRecord', input).catch(() => undefined);
    await diedAndCameBack(step, starts);
    const answer = await finalAnswer('saleRecord', input);
    expect(answer.__typename).toBe('SaleRecordSuccess');
    if (first?.__typename === 'SaleRecordSuccess') expect(answer).toEqual(first);
    expect(await test_.violations()).toEqual([]);
    expect(await statusOf(answer['sale'].id)).toBe('COMMITTED');
    const again = await test_.shop.call('saleRecord', { ...input, idempotencyKey: randomUUID() });
    expect(again.__typename).toBe('ExternalIdTaken');
  },
);

test('a basket with lines: pos dies after the holds, the same key finds them and opens it', async () => {
  const { sku, serials } = await test_.shop.createPiece({});
  const starts = test_.system.services.pos.starts();
  test_.arm('pos', 'sale.open.after-hold');
  const place = { channel: 'COUNTER', registerId, currencyCode: 'USD' };
  const input = { ...place, lines: [{ sku, serial: serials[0] }], idempotencyKey: randomUUID() };
  await test_.shop.call('saleOpen', input).catch(() => undefined);
  await diedAndCameBack(['pos', 'sale.open.after-hold'], starts);
  const rival = await test_.shop.call('saleOpen', { ...input, idempotencyKey: randomUUID() });
  expect(rival.__typename).toBe('SaleLinesRefused');
  const opened = await finalAnswer('saleOpen', input);
  expect(opened['sale']).toMatchObject({ status: 'OPEN', lines: [{ sku, serial: serials[0] }] });
  const tenders = [{ kind: 'CARD', amount: opened['sale'].total }];
  const paid = await finalAnswer('saleCommit', {
    ...{ saleId: opened['sale'].id, tenders, idempotencyKey: randomUUID() },
  });
  expect(paid.__typename).toBe('SaleCommitSuccess');
  expect(await test_.violations()).toEqual([]);
});

test.each(voidSteps)('void: %s dies at %s, the piece is free again', async (...step) => {
  const [service, point] = step;
  const { saleId, sku } = await basket();
  const starts = test_.system.services[service].starts();
  test_.arm(service, point);
  const input = { saleId, reason: 'customer left', idempotencyKey: randomUUID() };
  await test_.shop.call('saleVoid', input).catch(() => undefined);
  await diedAndCameBack(step, starts);
  const answer = await finalAnswer('saleVoid', input);
  expect(answer.__typename).toBe('SaleVoidSuccess');
  expect(await test_.violations()).toEqual([]);
  expect(await statusOf(saleId)).toBe('VOIDED');
  const sold = await test_.shop.buy({ channel: 'WEB', locationCode: 'HQ', sku });
  expect(sold.__typename).toBe('SaleCommitSuccess');
});

test.each(returnSteps)('return: %s dies at %s, the piece comes back once', async (...step) => {
  const [service, point] = step;
  const { sku } = await test_.shop.createPiece({});
  const { sale } = await test_.shop.buy({ channel: 'COUNTER', registerId, sku });
  await test_.drained();
  const starts = test_.system.services[service].starts();
  test_.arm(service, point);
  const lines = [{ lineId: sale.lines[0].id }];
  const of = { saleId: sale.id, registerId, lines, reason: 'FAULTY' };
  const input = { ...of, idempotencyKey: randomUUID() };
  const first = await test_.shop.call('saleReturn', input).catch(() => undefined);
  await diedAndCameBack(step, starts);
  const answer = await finalAnswer('saleReturn', input);
  expect(answer.__typename).toBe('SaleReturnSuccess');
  if (first?.__typename === 'SaleReturnSuccess') expect(answer).toEqual(first);
  expect((await test_.shop.call('saleReturn', { ...of })).__typename).toBe('ReturnExceedsSold');
  expect(await test_.violations()).toEqual([]);
  const sold = await test_.shop.buy({ channel: 'WEB', locationCode: 'HQ', sku });
  expect(sold.__typename).toBe('SaleCommitSuccess');
});

test.each([
  ['sweep.before', 'sale.intent.after-commit'],
  ['sweep.after-claim', 'sale.intent.after-commit'],
] as const)(
  'the sweeper dies at %s while it finishes what %s left: the sale still ends',
  async (sweeperPoint, leftAt) => {
    const { saleId } = await basket();
    const starts = test_.system.services.pos.starts();
    test_.arm('pos', leftAt);
    test_.arm('pos', sweeperPoint);
    const input = {
      saleId,
      tenders: [{ kind: 'CARD', amount: { amount: '4200.00', currencyCode: 'USD' } }],
      idempotencyKey: randomUUID(),
    };
    await test_.shop.call('saleCommit', input).catch(() => undefined);
    await diedAndCameBack(['pos', leftAt], starts);
    await diedAndCameBack(['pos', sweeperPoint], starts + 1);
    // Nobody asks again: it ends by itself.
    await eventually(async () => (await statusOf(saleId)) === 'COMMITTED');
    expect(await test_.violations()).toEqual([]);
  },
);
