import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { failpointNames, type FailpointName } from '@onecount/failpoint';
import { eventually } from '@onecount/testing';
import { customersOf } from './customer.harness.ts';
import { layBysOf } from './lay-by.harness.ts';
import { card, cash } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// A pos process dies by SIGKILL at every named step of a sale, against the real inventory; another
// process takes over. The whole system under the same failpoints is the crash matrix in tools/.

let shop: Shop;
let folder: string;
/** The one that serves: it dies in a test and its successor serves the next test. */
let pos: Awaited<ReturnType<typeof startProcess>>;
const processes = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onecount-pos-crash-'));
  // The process under test does everything: the one of the harness never sweeps.
  shop = await startShop({ SWEEP_INTERVAL_MS: '3600000' });
  await shop.product({ sku: 'CHAIN', tracking: 'QUANTITY', quantity: 100 });
  pos = await startProcess();
});

afterAll(async () => {
  for (const process of processes) process.kill('SIGKILL');
  await shop?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startProcess() {
  const main = join(import.meta.dirname, '../src/main.ts');
  const env = {
    ...shop.posEnv,
    LOG_LEVEL: 'info',
    FAILPOINT_DIR: folder,
    SWEEP_INTERVAL_MS: '50',
    SWEEP_AFTER_SECONDS: '0.2',
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  processes.add(child);
  const exited = once(child, 'exit').then(() => void processes.delete(child));
  const url = await new Promise<string>((resolve, reject) => {
    void exited.then(() => reject(new Error('pos ended before it listened')));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const entry = JSON.parse(line) as { msg?: string; url?: string };
      if (entry.msg === 'listening') resolve(entry.url!);
    });
  });
  const layBys = layBysOf({ graphql: shop.graphqlAt(url) });
  return { child, exited, layBys, ...shop.operationsAt(url) };
}

const arm = (name: FailpointName) => writeFile(join(folder, `pos.${name}`), '');

async function stateOf(saleId: string) {
  const [sale] = await shop.rows(
    'pos',
    `SELECT status, settle_after IS NULL AS settled, receipt_number IS NOT NULL AS receipt,
            (SELECT count(*)::int FROM outbox o WHERE o.aggregate_id = s.id::text) AS events
       FROM sale s WHERE id = $1`,
    [saleId],
  );
  const [stock] = await shop.rows(
    'inventory',
    `SELECT (SELECT count(*)::int FROM hold WHERE reference_id = $1 AND status = 'LIVE') AS live,
            (SELECT count(*)::int FROM movement WHERE reference_id = $1) AS moved`,
    [saleId],
  );
  return { ...sale, ...stock };
}

const sold = { status: 'COMMITTED', settled: true, receipt: true, events: 1, live: 0, moved: 1 };
const voided = { status: 'VOIDED', settled: true, receipt: false, events: 1, live: 0, moved: 0 };

const becomes = (saleId: string, state: object) =>
  eventually(async () => {
    expect(await stateOf(saleId)).toEqual(state);
    return true;
  });

async function heldBy(lineId: string) {
  const [line] = await shop.rows('pos', 'SELECT quantity FROM sale_line WHERE id = $1', [lineId]);
  const [hold] = await shop.rows(
    'inventory',
    `SELECT sum(quantity)::int AS held FROM hold WHERE line_id = $1 AND status = 'LIVE'`,
    [lineId],
  );
  return { quantity: line!['quantity'], held: hold!['held'] };
}

async function basket(quantity = 1): Promise<string> {
  const opened = await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR' });
  const saleId = opened['sale'].id as string;
  const added = await shop.saleLineAdd({ saleId, sku: 'CHAIN', quantity });
  expect(added.__typename).toBe('SaleLineAddSuccess');
  return saleId;
}

const pointsOf = (prefix: string) => failpointNames.filter((name) => name.startsWith(prefix));

it.each([...pointsOf('sale.intent.'), ...pointsOf('sale.claim.'), ...pointsOf('sale.commit.')])(
  'dies at %s while paying: one sale, and the same key finds its receipt',
  async (point) => {
    const saleId = await basket();
    const input = { saleId, tenders: [cash('100')], idempotencyKey: randomUUID() };
    await arm(point);
    await expect(pos.saleCommit(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    // Before the intent nothing was written: then it is the repetition that pays.
    if (point !== 'sale.intent.before-commit') await becomes(saleId, sold);
    const answer = await pos.saleCommit(input);
    expect(answer.__typename).toBe('SaleCommitSuccess');
    await becomes(saleId, sold);
    expect(await pos.saleCommit(input)).toEqual(answer);
  },
);

const order = () => ({
  ...{ channel: 'WEB', currencyCode: 'EUR', idempotencyKey: randomUUID() },
  lines: [{ sku: 'CHAIN' }],
  tenders: [cash('100')],
});

it.each([...pointsOf('sale.record.'), ...pointsOf('sale.claim.'), ...pointsOf('sale.commit.')])(
  'dies at %s while storing a sale that is paid already: one sale, and the same key finds its receipt',
  async (point) => {
    const input = order();
    await arm(point);
    await expect(pos.saleRecord(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    const saleOfKey = async () =>
      (
        await shop.rows('pos', 'SELECT id FROM sale WHERE commit_key = $1', [input.idempotencyKey])
      )[0];
    // Before the intent nothing was written: then it is the repetition that sells.
    if (point === 'sale.record.before-commit') expect(await saleOfKey()).toBeUndefined();
    else await becomes((await saleOfKey())!['id'], sold);
    const answer = await pos.saleRecord(input);
    expect(answer.__typename).toBe('SaleRecordSuccess');
    await becomes(answer['sale'].id, sold);
    expect(await pos.saleRecord(input)).toEqual(answer);
  },
);

async function leased(quantity: number) {
  const till = { locationCode: 'HQ', registerName: randomUUID() };
  const registerId = (await shop.registerOpen(till))['register'].id as string;
  return {
    ...{ registerId, device: 'Tablet 1', sellMinutes: 60, idempotencyKey: randomUUID() },
    lines: [{ sku: 'CHAIN', quantity }],
  };
}
const heldByLease = async (leaseId: string) =>
  shop.rows(
    'inventory',
    `SELECT quantity FROM hold WHERE reference_kind = 'LEASE' AND reference_id = $1 AND status = 'LIVE'`,
    [leaseId],
  );

it('dies between the holds and the lease: the same key finds the holds, once', async () => {
  const input = await leased(3);
  await arm('lease.take.after-hold');
  await expect(pos.leaseTake(input)).rejects.toThrow();
  await pos.exited;
  pos = await startProcess();
  const { lease } = await pos.leaseTake(input);
  expect(await heldByLease(lease.id)).toEqual([{ quantity: 3 }]);
  await arm('lease.end.after-release');
  const end = { leaseId: lease.id, idempotencyKey: randomUUID() };
  await expect(pos.leaseEnd(end)).rejects.toThrow();
  await pos.exited;
  pos = await startProcess();
  expect(await heldByLease(lease.id)).toEqual([]);
  expect((await pos.leaseEnd(end))['lease'].endedAt).not.toBeNull();
});

it.each([...pointsOf('sale.record.'), ...pointsOf('sale.claim.'), ...pointsOf('sale.commit.')])(
  'dies at %s while a sale arrives that was made offline: one sale, of what its lease has',
  async (point) => {
    const { lease } = await pos.leaseTake(await leased(2));
    const now = new Date().toISOString();
    const input = {
      ...{ leaseId: lease.id, deviceTime: now, soldAt: now, currencyCode: 'EUR' },
      lines: [{ sku: 'CHAIN', unitPrice: cash('100').amount }],
      ...{ tenders: [cash('100')], idempotencyKey: randomUUID() },
    };
    await arm(point);
    await expect(pos.offlineSaleRecord(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    const answer = await pos.offlineSaleRecord(input);
    expect(answer.__typename).toBe('OfflineSaleRecordSuccess');
    await becomes(answer['sale'].id, sold);
    expect(await heldByLease(lease.id)).toEqual([{ quantity: 1 }]);
    await pos.leaseEnd({ leaseId: lease.id });
  },
);

it('dies between the holds and the basket: the same key finds the holds, once', async () => {
  const { idempotencyKey, channel, currencyCode, lines } = order();
  const input = { idempotencyKey, channel, currencyCode, lines };
  await arm('sale.open.after-hold');
  await expect(pos.saleOpen(input)).rejects.toThrow();
  await pos.exited;
  pos = await startProcess();
  const { sale } = await pos.saleOpen(input);
  expect(await stateOf(sale.id)).toMatchObject({ status: 'OPEN', live: 1 });
  await pos.saleCommit({ saleId: sale.id, tenders: [cash('100')] });
  await becomes(sale.id, sold);
});

async function checkedOut(): Promise<string> {
  const saleId = await basket();
  const answer = await pos.saleCheckout({ saleId });
  expect(answer.__typename).toBe('SaleCheckoutSuccess');
  return saleId;
}
const overdue = (saleId: string) =>
  shop.rows('pos', 'UPDATE sale SET payment_due_at = now(), settle_after = now() WHERE id = $1', [
    saleId,
  ]);
const awaited = { status: 'PENDING', settled: false, receipt: false, events: 0, live: 1, moved: 0 };
const paid = (saleId: string) => ({
  ...{ saleId, idempotencyKey: randomUUID() },
  tenders: [{ ...cash('100'), kind: 'CARD', reference: 'pay-1' }],
});

it.each([...pointsOf('sale.checkout.'), ...pointsOf('sale.await.')])(
  'dies at %s while checking out: one claim, the same key finds it, and the payment sells it',
  async (point) => {
    const saleId = await basket();
    const input = { saleId, idempotencyKey: randomUUID() };
    await arm(point);
    await expect(pos.saleCheckout(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    const answer = await pos.saleCheckout(input);
    expect(answer).toMatchObject({ __typename: 'SaleCheckoutSuccess', sale: { id: saleId } });
    await becomes(saleId, awaited);
    expect((await pos.saleCommit(paid(saleId))).__typename).toBe('SaleCommitSuccess');
    await becomes(saleId, sold);
  },
);

it.each(pointsOf('sale.pay.'))(
  'dies at %s while an awaited payment comes: sold once, and the same key finds its receipt',
  async (point) => {
    const saleId = await checkedOut();
    const input = paid(saleId);
    await arm(point);
    await expect(pos.saleCommit(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    if (point === 'sale.pay.after-commit') await becomes(saleId, sold);
    const answer = await pos.saleCommit(input);
    expect(answer).toMatchObject({ __typename: 'SaleCommitSuccess', sale: { id: saleId } });
    await becomes(saleId, sold);
    expect(await pos.saleCommit(input)).toEqual(answer);
  },
);

it.each(pointsOf('sale.pay.'))(
  'dies at %s while a payment comes too late: one sale in place of the expired one',
  async (point) => {
    const saleId = await checkedOut();
    await overdue(saleId);
    await becomes(saleId, voided);
    const input = paid(saleId);
    await arm(point);
    await expect(pos.saleCommit(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    const answer = await pos.saleCommit(input);
    expect(answer.__typename).toBe('SaleCommitSuccess');
    expect(await pos.saleCommit(input)).toEqual(answer);
    const late = await shop.rows('pos', 'SELECT id FROM sale WHERE late_of = $1', [saleId]);
    expect(late).toEqual([{ id: answer['sale'].id }]);
    await becomes(answer['sale'].id, sold);
    await becomes(saleId, voided);
  },
);

it.each(pointsOf('sale.expire.'))(
  'dies at %s while a checkout expires: void, and nothing is held',
  async (point) => {
    const saleId = await checkedOut();
    await arm(point);
    await overdue(saleId);
    await pos.exited;
    pos = await startProcess();
    await becomes(saleId, voided);
  },
);

const kept = (payments: number) => ({
  ...{ status: 'PENDING', settled: false, receipt: false, events: 0, live: 1, moved: 0, payments },
});

const layByBecomes = (saleId: string, { payments, ...state }: ReturnType<typeof kept>) =>
  eventually(async () => {
    const rows = await shop.rows(
      'pos',
      `SELECT count(*)::int AS payments, max(after_minor)::int AS paid, (SELECT sum(amount_minor)::int FROM sale_tender
          WHERE sale_id = $1) AS tendered FROM lay_by_payment WHERE sale_id = $1`,
      [saleId],
    );
    expect(rows).toMatchObject([{ payments, paid: rows[0]!['tendered'] }]);
    expect(await stateOf(saleId)).toEqual(state);
    return true;
  });

async function layByInput() {
  const { customer } = await customersOf(shop).create({ name: 'Anna Weber' });
  const saleId = await basket();
  await customersOf(shop).buys({ saleId, customerId: customer.id });
  const schedule = { everyWeeks: 1, count: 2 };
  return { saleId, tenders: [card('40')], ...schedule, idempotencyKey: randomUUID() };
}

async function laidBy(): Promise<string> {
  const input = await layByInput();
  expect((await pos.layBys.open(input)).__typename).toBe('LayByOpenSuccess');
  await layByBecomes(input.saleId, kept(1));
  return input.saleId;
}

it.each([...pointsOf('lay-by.open.'), ...pointsOf('sale.claim.'), ...pointsOf('sale.await.')])(
  'dies at %s while a lay-by is opened: one deposit, one claim, and the same key finds it',
  async (point) => {
    const input = await layByInput();
    await arm(point);
    await expect(pos.layBys.open(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    if (point !== 'lay-by.open.before-commit') await layByBecomes(input.saleId, kept(1));
    const answer = await pos.layBys.open(input);
    expect(answer).toMatchObject({ layBy: { status: 'OPEN', paid: { amount: '40.00' } } });
    await layByBecomes(input.saleId, kept(1));
  },
);

it.each(pointsOf('lay-by.pay.'))(
  'dies at %s while a part is paid: once, and the same key finds it',
  async (point) => {
    const saleId = await laidBy();
    const input = { saleId, tenders: [card('10')], idempotencyKey: randomUUID() };
    await arm(point);
    await expect(pos.layBys.pay(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    const answer = await pos.layBys.pay(input);
    expect(answer).toMatchObject({ layBy: { status: 'OPEN', paid: { amount: '50.00' } } });
    await layByBecomes(saleId, kept(2));
  },
);

it.each([...pointsOf('lay-by.pay.'), ...pointsOf('sale.claim.'), ...pointsOf('sale.commit.')])(
  'dies at %s while a lay-by is completed: one sale, paid once, and the same key finds it',
  async (point) => {
    const saleId = await laidBy();
    const input = { saleId, tenders: [card('60')], idempotencyKey: randomUUID() };
    await arm(point);
    await expect(pos.layBys.pay(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    const complete = { ...sold, payments: 2 };
    if (point !== 'lay-by.pay.before-commit') await layByBecomes(saleId, complete);
    const answer = await pos.layBys.pay(input);
    expect(answer).toMatchObject({ layBy: { status: 'COMPLETED', rest: { amount: '0.00' } } });
    await layByBecomes(saleId, complete);
  },
);

it.each([...pointsOf('lay-by.cancel.'), ...pointsOf('sale.release.')])(
  'dies at %s while a lay-by is given up: void, nothing is held, and what was paid is owed',
  async (point) => {
    const saleId = await laidBy();
    const input = { saleId, reason: 'left', idempotencyKey: randomUUID() };
    await arm(point);
    await expect(pos.layBys.cancel(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    const given = { ...voided, payments: 1 };
    if (point !== 'lay-by.cancel.before-commit') await layByBecomes(saleId, given);
    const answer = await pos.layBys.cancel(input);
    expect(answer).toMatchObject({
      layBy: { status: 'CANCELLED', refundDue: { amount: '40.00' } },
    });
    await layByBecomes(saleId, given);
  },
);

// More is held before the line is written, less is let go after it.
it.each([
  ['sale.line-update.before-commit', 3, 5],
  ['sale.line-update.after-commit', 3, 1],
] as const)(
  'dies at %s while a line of %i becomes one of %i: the hold is the larger, and the same key ends it',
  async (point, before, after) => {
    const saleId = await basket(before);
    const [line] = await shop.rows('pos', 'SELECT id FROM sale_line WHERE sale_id = $1', [saleId]);
    const lineId = line!['id'] as string;
    const input = { saleId, lineId, quantity: after, idempotencyKey: randomUUID() };
    await arm(point);
    await expect(pos.saleLineUpdate(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    expect(await heldBy(lineId)).toEqual({
      quantity: Math.min(before, after),
      held: Math.max(before, after),
    });
    const answer = await pos.saleLineUpdate(input);
    expect(answer['line']).toMatchObject({ quantity: after });
    expect(await heldBy(lineId)).toEqual({ quantity: after, held: after });
    await pos.saleVoid({ saleId, reason: 'over' });
  },
);

it('a line whose growth died is paid for as it is, and what it held beyond that is free', async () => {
  const saleId = await basket(2);
  const [line] = await shop.rows('pos', 'SELECT id FROM sale_line WHERE sale_id = $1', [saleId]);
  await arm('sale.line-update.before-commit');
  const input = { saleId, lineId: line!['id'], quantity: 9 };
  await expect(pos.saleLineUpdate(input)).rejects.toThrow();
  await pos.exited;
  pos = await startProcess();
  expect(await heldBy(line!['id'])).toEqual({ quantity: 2, held: 9 });
  const paid = await pos.saleCommit({ saleId, tenders: [cash('200')] });
  expect(paid['sale']).toMatchObject({ status: 'COMMITTED', lines: [{ quantity: 2 }] });
  await becomes(saleId, sold);
});

it.each([...pointsOf('sale.void.'), ...pointsOf('sale.release.')])(
  'dies at %s while giving up: void, and nothing is held',
  async (point) => {
    const saleId = await basket();
    const input = { saleId, reason: 'left', idempotencyKey: randomUUID() };
    await arm(point);
    await expect(pos.saleVoid(input)).rejects.toThrow();
    await pos.exited;
    pos = await startProcess();
    if (point !== 'sale.void.before-commit') await becomes(saleId, voided);
    expect((await pos.saleVoid(input)).__typename).toBe('SaleVoidSuccess');
    await becomes(saleId, voided);
  },
);

it.each(pointsOf('sweep.'))('the sweeper dies at %s: another one ends the sale', async (point) => {
  const saleId = await basket();
  const input = { saleId, tenders: [cash('100')], idempotencyKey: randomUUID() };
  await arm('sale.intent.after-commit');
  await expect(pos.saleCommit(input)).rejects.toThrow();
  await pos.exited;
  await arm(point);
  // Its first sweep may come before it listens.
  const sweeping = await startProcess().catch(() => undefined);
  await sweeping?.exited;
  pos = await startProcess();
  await becomes(saleId, sold);
});
