import { randomUUID } from 'node:crypto';
import { customersOf } from '../../test/customer.harness.ts';
import { layBysOf } from '../../test/lay-by.harness.ts';
import {
  card,
  cash,
  manager,
  startPos,
  tenantB,
  type Pos,
  type Result,
} from '../../test/pos.harness.ts';

let pos: Pos;
let layBys: ReturnType<typeof layBysOf>;
let customerId: string;
const terms = {
  ...{ depositPercent: 20, feePercent: 5, graceDays: 2, expiry: 'CANCEL', reminderDays: 3 },
};
beforeAll(async () => {
  pos = await startPos({ CLAIM_PATIENCE_MS: '0' });
  layBys = layBysOf(pos);
  await pos.product({ sku: 'RING', tracking: 'QUANTITY', onHand: 1000 });
  customerId = (await customersOf(pos).create({ name: 'Anna Weber' }))['customer'].id;
  await layBys.settings(terms);
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

async function till(float = '100') {
  const opened = await pos.registerOpen({
    ...{ locationCode: 'HQ', registerName: randomUUID() },
    openingFloat: { amount: float, currencyCode: 'EUR' },
  });
  return opened['register'].id as string;
}
async function basket(registerId: string, sku = 'RING', customer: string | null = customerId) {
  const opened = await pos.saleOpen({
    ...{ channel: 'COUNTER', registerId, currencyCode: 'EUR', customerId: customer },
    lines: [{ sku }],
  });
  return opened['sale'].id as string;
}
const weekly = { everyWeeks: 2, count: 3 };
async function opened(registerId: string, deposit = '20'): Promise<string> {
  const saleId = await basket(registerId);
  const answer = await layBys.open({ saleId, tenders: [cash(deposit)], ...weekly });
  expect(answer.__typename).toBe('LayByOpenSuccess');
  return saleId;
}
async function stateOf(saleId: string) {
  const [row] = await pos.rows<{ status: string; payments: number }>(
    `SELECT status, settle_after = payment_due_at AS waits,
            (SELECT outcome FROM lay_by b WHERE b.sale_id = s.id) AS outcome,
            (SELECT count(*)::int FROM lay_by_payment p WHERE p.sale_id = s.id) AS payments,
            (SELECT count(*)::int FROM sale_tender t WHERE t.sale_id = s.id) AS tenders,
            (SELECT count(*)::int FROM outbox o WHERE o.aggregate_id = s.id::text AND o.type <> 'pos.lay-by-reminder-due') AS events
       FROM sale s WHERE id = $1`,
    [saleId],
  );
  return { ...row!, claimed: pos.inventory.claimedFor(saleId) };
}
async function figuresOf(registerId: string) {
  const query = `query($id: ID!) { xReport(registerId: $id) { figures {
    sales { count total { amount } } tenders { kind count net { amount } } refunds { kind total { amount } }
    layByPayments { count total { amount } } layBySales { count total { amount } } expected { kind amount { amount } } } } }`;
  const { data } = await pos.graphql(query, { id: registerId }, manager);
  return data['xReport'].figures;
}
const expectedCash = async (registerId: string) =>
  (await figuresOf(registerId)).expected[0].amount.amount;
const overdue = (saleId: string, days: number) =>
  pos.rows(
    `WITH b AS (UPDATE lay_by SET next_due_at = now() - make_interval(days => $2) WHERE sale_id = $1)
     UPDATE sale SET payment_due_at = now() - make_interval(days => $2 - 2),
            settle_after = CASE WHEN $2 >= 2 THEN now() ELSE now() + interval '1 day' END WHERE id = $1`,
    [saleId, days],
  );

it('keeps the very piece, is paid in parts at two tills, and is sold by the last part', async () => {
  await pos.product({ sku: 'BROOCH', tracking: 'QUANTITY', onHand: 1 });
  const [one, other] = [await till(), await till()];
  const saleId = await basket(one, 'BROOCH');
  const input = { saleId, tenders: [cash('20')], ...weekly, idempotencyKey: randomUUID() };
  const answer = await layBys.open(input);
  expect(answer).toMatchObject({
    __typename: 'LayByOpenSuccess',
    layBy: {
      ...{ status: 'OPEN', total: { amount: '100.00' }, paid: { amount: '20.00' } },
      ...{ rest: { amount: '80.00' }, isOverdue: false, cancellationFee: { amount: '5.00' } },
      instalments: [
        { amount: { amount: '26.67' }, isPaid: false },
        { amount: { amount: '26.67' } },
        { amount: { amount: '26.66' } },
      ],
      payments: [{ number: 'HQ/L-000001', amount: { amount: '20.00' }, register: { id: one } }],
      sale: { id: saleId, status: 'PENDING' },
    },
  });
  expect(await layBys.open(input)).toEqual(answer);
  const rival = { channel: 'WEB', currencyCode: 'EUR', lines: [{ sku: 'BROOCH' }] };
  expect(await pos.saleOpen(rival)).toMatchObject({ refusals: [{ code: 'INSUFFICIENT_STOCK' }] });
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', waits: true, claimed: 1 });
  expect(await layBys.unpaid()).toContain(saleId);

  const pay = { saleId, registerId: other, tenders: [cash('10'), card('20')] };
  const part = { ...pay, idempotencyKey: randomUUID() };
  const paid = await layBys.pay(part);
  expect(paid).toMatchObject({
    ...{ __typename: 'LayByPaySuccess', payment: { number: 'HQ/L-000002' } },
    layBy: { rest: { amount: '50.00' }, instalments: [{ isPaid: true }, { isPaid: false }, {}] },
  });
  expect(await layBys.pay(part)).toEqual(paid);
  const last = await layBys.pay({ saleId, registerId: other, tenders: [card('50')] });
  expect(last).toMatchObject({
    __typename: 'LayByPaySuccess',
    layBy: { status: 'COMPLETED', rest: { amount: '0.00' }, nextDueAt: null, refundDue: null },
  });
  expect(last['layBy'].sale).toMatchObject({ status: 'COMMITTED' });
  expect(last['layBy'].sale.receiptNumber).toMatch(/^HQ-/);
  expect(await stateOf(saleId)).toMatchObject({ payments: 3, tenders: 4, events: 1 });
  expect(await layBys.unpaid()).not.toContain(saleId);
  expect(await figuresOf(one)).toMatchObject({
    ...{ sales: [], layBySales: [], layByPayments: [{ count: 1, total: { amount: '20.00' } }] },
    expected: [{ kind: 'CASH', amount: { amount: '120.00' } }],
  });
  expect(await figuresOf(other)).toMatchObject({
    sales: [{ count: 1, total: { amount: '100.00' } }],
    layBySales: [{ count: 1, total: { amount: '100.00' } }],
    layByPayments: [{ count: 2, total: { amount: '80.00' } }],
    expected: [
      { kind: 'CASH', amount: { amount: '110.00' } },
      { kind: 'CARD', amount: { amount: '70.00' } },
    ],
  });
  const receipt = await pos.saleCommit({ saleId, tenders: [cash('100')] });
  expect(receipt.__typename).toBe('SaleNotOpen');
});

it('takes the last instalment once when eight tills take it at once', async () => {
  const tills = await Promise.all(Array.from({ length: 8 }, () => till()));
  const saleId = await opened(tills[0]!);
  const answers = await Promise.all(
    tills.map((registerId) => layBys.pay({ saleId, registerId, tenders: [cash('80')] })),
  );
  const names = answers.map(({ __typename }) => __typename).sort();
  expect(names).toEqual([...Array.from({ length: 7 }, () => 'LayByEnded'), 'LayByPaySuccess']);
  expect(await stateOf(saleId)).toMatchObject({
    ...{ status: 'COMMITTED', payments: 2, tenders: 2, events: 1, outcome: 'COMPLETED' },
  });
  const drawers = await Promise.all(tills.map(expectedCash));
  const sum = drawers.reduce((total, amount) => total + Number(amount), 0);
  expect(sum).toBe(8 * 100 + 100);
});

it('never takes more than is left when parts are paid at once', async () => {
  const registerId = await till();
  const saleId = await opened(registerId);
  const pay = () => layBys.pay({ saleId, registerId, tenders: [cash('30')] });
  const answers = await Promise.all(Array.from({ length: 6 }, pay));
  const refused = answers.filter(({ __typename }) => __typename === 'LayByAmountRefused');
  expect(refused).toHaveLength(4);
  expect(refused[0]).toMatchObject({ most: { amount: '20.00' }, tendered: { amount: '30.00' } });
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', payments: 3 });
  expect(await expectedCash(registerId)).toBe('180.00');
});

it('is cancelled with its fee, frees the piece, and gives the rest back once', async () => {
  const registerId = await till('0');
  const saleId = await opened(registerId, '25');
  const reason = { saleId, reason: 'changed her mind', idempotencyKey: randomUUID() };
  const answer = await layBys.cancel(reason);
  expect(answer).toMatchObject({
    __typename: 'LayByCancelSuccess',
    layBy: { status: 'CANCELLED', keptFee: { amount: '5.00' }, refundDue: { amount: '20.00' } },
  });
  expect(await layBys.cancel(reason)).toEqual(answer);
  expect(await stateOf(saleId)).toMatchObject({ status: 'VOIDED', claimed: 0, events: 1 });
  expect(await layBys.owed()).toContain(saleId);
  const late = await layBys.pay({ saleId, registerId, tenders: [cash('1')] });
  expect(late).toMatchObject({ __typename: 'LayByEnded', layBy: { status: 'CANCELLED' } });
  const back = { saleId, registerId, kind: 'CASH' };
  const empty = await till('0');
  const short = await layBys.refund({ ...back, registerId: empty });
  expect(short).toMatchObject({ __typename: 'InsufficientCash', requested: { amount: '20.00' } });
  const answers = await Promise.all([layBys.refund(back), layBys.refund(back)]);
  expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
    'LayByRefundNotDue',
    'LayByRefundSuccess',
  ]);
  expect(await layBys.owed()).not.toContain(saleId);
  expect(await layBys.byId(saleId)).toMatchObject({
    ...{ refundDue: null, refund: { kind: 'CASH', amount: { amount: '20.00' } } },
  });
  expect(await figuresOf(registerId)).toMatchObject({
    refunds: [{ kind: 'CASH', total: { amount: '20.00' } }],
    expected: [{ kind: 'CASH', amount: { amount: '5.00' } }],
  });
});

it('keeps no more as fee than was paid', async () => {
  await layBys.settings({ ...terms, feePercent: 50 });
  const saleId = await opened(await till(), '20');
  await layBys.settings(terms);
  expect((await layBys.cancel({ saleId, reason: 'gone' }))['layBy']).toMatchObject({
    ...{ keptFee: { amount: '20.00' }, refundDue: null },
  });
  expect(await layBys.owed()).not.toContain(saleId);
});

it('expires after the days of grace, and not before, by the sweeper', async () => {
  const registerId = await till();
  const saleId = await opened(registerId);
  await overdue(saleId, 1);
  await pos.sweeper.sweep();
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', claimed: 1 });
  expect(await layBys.overdue()).toContain(saleId);
  await overdue(saleId, 3);
  await pos.sweeper.sweep();
  expect(await stateOf(saleId)).toMatchObject({
    ...{ status: 'VOIDED', outcome: 'EXPIRED', claimed: 0, events: 1 },
  });
  expect(await layBys.byId(saleId)).toMatchObject({
    ...{ status: 'EXPIRED', keptFee: { amount: '5.00' }, refundDue: { amount: '15.00' } },
  });
  expect(await layBys.overdue()).not.toContain(saleId);
});

it('is only told where the shop says so, and may still be paid', async () => {
  await layBys.settings({ ...terms, expiry: 'TELL' });
  const registerId = await till();
  const saleId = await opened(registerId);
  await layBys.settings(terms);
  expect(await layBys.byId(saleId)).toMatchObject({ expiresAt: null });
  await pos.rows(`UPDATE lay_by SET next_due_at = now() - interval '1 year' WHERE sale_id = $1`, [
    saleId,
  ]);
  await pos.sweeper.sweep();
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', waits: true });
  const paid = await layBys.pay({ saleId, registerId, tenders: [cash('80')] });
  expect(paid['layBy']).toMatchObject({ status: 'COMPLETED' });
});

it('ends once when the last payment, a cancellation and its time meet', async () => {
  const registerId = await till();
  for (let round = 0; round < 6; round += 1) {
    const saleId = await opened(registerId);
    await overdue(saleId, 3);
    const [paid] = await Promise.all([
      layBys.pay({ saleId, registerId, tenders: [cash('80')] }),
      layBys.cancel({ saleId, reason: 'left' }),
      pos.sweeper.sweep(),
    ]);
    const isSold = paid.__typename === 'LayByPaySuccess';
    const { status, payments, claimed } = await stateOf(saleId);
    expect(status).toBe(isSold ? 'COMMITTED' : 'VOIDED');
    expect(payments).toBe(isSold ? 2 : 1);
    if (!isSold) expect(claimed).toBe(0);
  }
});

it('owes the deposit back when somebody else was first', async () => {
  const sku = `LOST-${randomUUID().slice(0, 8)}`;
  await pos.product({ sku, tracking: 'QUANTITY', onHand: 1 });
  const saleId = await basket(await till(), sku);
  pos.inventory.stock({ sku, tracking: 'QUANTITY', onHand: 0 });
  const answer = await layBys.open({ saleId, tenders: [cash('20')], ...weekly });
  expect(answer).toMatchObject({ __typename: 'SaleClaimLost', sale: { status: 'VOIDED' } });
  expect(await layBys.byId(saleId)).toMatchObject({
    ...{ status: 'REFUSED', keptFee: { amount: '0.00' }, refundDue: { amount: '20.00' } },
  });
});

it('says when the outcome is not known, and the same key finds it', async () => {
  const registerId = await till();
  const saleId = await basket(registerId);
  const input = { saleId, tenders: [cash('20')], ...weekly, idempotencyKey: randomUUID() };
  pos.inventory.fail('saleClaim', 'lost');
  expect(await layBys.open(input)).toMatchObject({ __typename: 'SalePending', saleId });
  pos.inventory.repair();
  expect(await layBys.open(input)).toMatchObject({ __typename: 'LayByOpenSuccess' });
  const last = { saleId, registerId, tenders: [cash('80')], idempotencyKey: randomUUID() };
  pos.inventory.fail('saleClaim', 'down');
  expect(await layBys.pay(last)).toMatchObject({ __typename: 'SalePending', saleId });
  pos.inventory.repair();
  expect(await layBys.pay(last)).toMatchObject({ layBy: { status: 'COMPLETED' } });
  expect(await stateOf(saleId)).toMatchObject({ status: 'COMMITTED', payments: 2, claimed: 1 });
});

const schedule = (...amounts: string[]) => ({
  instalments: amounts.map((amount, index) => ({
    dueAt: new Date(Date.now() + (index + 1) * 86_400_000).toISOString(),
    amount: { amount, currencyCode: 'EUR' },
  })),
});
const past = { dueAt: '2020-01-01T00:00:00Z', amount: { amount: '80', currencyCode: 'EUR' } };

it.each<[string, object, string, object?]>([
  [
    'a deposit below the least',
    { tenders: [cash('19.99')] },
    'LayByAmountRefused',
    { least: { amount: '20.00' } },
  ],
  [
    'a deposit of all',
    { tenders: [cash('100')] },
    'LayByAmountRefused',
    { most: { amount: '99.99' } },
  ],
  ['a tender of nothing', { tenders: [cash('0')] }, 'InvalidInput'],
  ['a negative tender', { tenders: [cash('-20')] }, 'InvalidInput'],
  ['three decimals', { tenders: [cash('20.001')] }, 'InvalidInput'],
  ['another currency', { tenders: [cash('20', 'USD')] }, 'CurrencyMismatch'],
  ['no tender', { tenders: [] }, 'InvalidInput'],
  [
    'a card number',
    { tenders: [{ ...card('20'), reference: '4111 1111 1111 1111' }] },
    'InvalidInput',
  ],
  [
    'too small a schedule',
    schedule('40', '39.99'),
    'LayByScheduleMismatch',
    { rest: { amount: '80.00' }, scheduled: { amount: '79.99' } },
  ],
  ['too large a schedule', schedule('40', '40.01'), 'LayByScheduleMismatch'],
  ['an instalment of nothing', schedule('80', '0'), 'InvalidInput'],
  ['a schedule of the past', { instalments: [past] }, 'InvalidInput'],
  ['no schedule', { instalments: [] }, 'InvalidInput'],
  ['two schedules', { ...schedule('80'), everyWeeks: 1, count: 1 }, 'InvalidInput'],
  ['61 instalments', { everyWeeks: 1, count: 61 }, 'InvalidInput'],
  ['every 0 weeks', { everyWeeks: 0, count: 2 }, 'InvalidInput'],
])('refuses %s and writes nothing', async (_name, part, __typename, data = {}) => {
  const saleId = await basket(await till());
  const byWeeks = 'instalments' in part ? {} : weekly;
  const answer = await layBys.open({ saleId, tenders: [cash('20')], ...byWeeks, ...part });
  expect(answer).toMatchObject({ __typename, ...data });
  expect(await stateOf(saleId)).toMatchObject({ status: 'OPEN', payments: 0, tenders: 0 });
});

it.each<[string, (registerId: string) => Promise<string>, string]>([
  ['nobody’s basket', (registerId) => basket(registerId, 'RING', null), 'LayByNeedsCustomer'],
  ['an empty basket', async (registerId) => emptied(registerId), 'SaleEmpty'],
  ['a lay-by', (registerId) => opened(registerId), 'SaleNotOpen'],
  ['an unknown sale', async () => randomUUID(), 'NotFound'],
  ['no id', async () => 'nothing', 'NotFound'],
])('refuses %s', async (_name, saleIdOf, __typename) => {
  const saleId = await saleIdOf(await till());
  const before = await pos.rows('SELECT count(*) FROM lay_by_payment');
  const answer = await layBys.open({ saleId, tenders: [cash('20')], ...weekly });
  expect(answer.__typename).toBe(__typename);
  expect(await pos.rows('SELECT count(*) FROM lay_by_payment')).toEqual(before);
});

async function emptied(registerId: string): Promise<string> {
  const place = { channel: 'COUNTER', registerId, currencyCode: 'EUR', customerId };
  return (await pos.saleOpen(place))['sale'].id;
}

it('is nobody else’s: another tenant, a closed till, cash without a till, what is too much', async () => {
  const registerId = await till();
  const saleId = await opened(registerId);
  const pay = { saleId, registerId, tenders: [cash('10')] };
  const stranger = { tenantId: tenantB, scopes: ['sale:write', 'sale:read', 'sale:return'] };
  const asked: [Promise<Result>, string][] = [
    [layBys.pay(pay, stranger), 'NotFound'],
    [layBys.cancel({ saleId, reason: 'mine' }, stranger), 'NotFound'],
    [layBys.refund({ saleId, kind: 'CARD' }, stranger), 'NotFound'],
    [layBys.pay({ ...pay, registerId: null }), 'InvalidInput'],
    [layBys.pay({ ...pay, registerId: randomUUID() }), 'NotFound'],
    [layBys.pay({ ...pay, tenders: [cash('80.01')] }), 'LayByAmountRefused'],
    [layBys.pay({ ...pay, saleId: await basket(registerId) }), 'NotFound'],
    [layBys.refund({ saleId, kind: 'CARD' }), 'LayByRefundNotDue'],
  ];
  for (const [answer, __typename] of asked) expect((await answer).__typename).toBe(__typename);
  expect(await layBys.byId(saleId, tenantB)).toBeNull();
  await pos.registerClose({ registerId, countedCash: { amount: '120', currencyCode: 'EUR' } });
  expect((await layBys.pay(pay)).__typename).toBe('RegisterClosed');
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', payments: 1, tenders: 1 });
});

it('reminds once before an instalment is due and once when it is overdue, with ids alone', async () => {
  const saleId = await opened(await till());
  const told = () =>
    pos.rows(
      `SELECT data FROM outbox WHERE aggregate_id = $1 AND type = 'pos.lay-by-reminder-due' ORDER BY position`,
      [saleId],
    );
  await pos.layByReminders.remind();
  expect(await told()).toEqual([]);
  const dueIn = (days: number) =>
    pos.rows(
      'UPDATE lay_by SET next_due_at = now() + make_interval(days => $2) WHERE sale_id = $1',
      [saleId, days],
    );
  await dueIn(2);
  await Promise.all([pos.layByReminders.remind(), pos.layByReminders.remind()]);
  await dueIn(-1);
  await pos.layByReminders.remind();
  await pos.layByReminders.remind();
  const dueAt = expect.stringMatching(/Z$/);
  expect(await told()).toEqual([
    { data: { saleId, version: 1, kind: 'COMING', dueAt } },
    { data: { saleId, version: 2, kind: 'OVERDUE', dueAt } },
  ]);
});

it.each([
  ['a ledger row', `UPDATE lay_by_payment SET amount_minor = 1`, 'append-only'],
  [
    'a paid sum without its payment',
    'UPDATE lay_by SET paid_minor = paid_minor + 1',
    'lay_by_paid_fkey',
  ],
  [
    'a fee above what was paid',
    'UPDATE lay_by SET kept_fee_minor = paid_minor + 1',
    'lay_by_fee_at_most_paid',
  ],
])('does not let anybody write %s', async (_name, text, problem) => {
  const saleId = await opened(await till());
  await expect(pos.rows(`${text} WHERE sale_id = $1`, [saleId])).rejects.toThrow(problem);
});

it('refuses settings that say nothing sensible', async () => {
  for (const part of [
    { depositPercent: 100 },
    { depositPercent: -1 },
    { feePercent: 101 },
    { feePercent: null },
    { feeAmount: { amount: '1', currencyCode: 'EUR' } },
    { graceDays: -1 },
    { reminderDays: 61 },
  ])
    expect((await layBys.settings({ ...terms, ...part })).__typename).toBe('InvalidInput');
  const amount = { amount: '12.50', currencyCode: 'EUR' };
  const set = await layBys.settings({ ...terms, feePercent: null, feeAmount: amount });
  expect(set['settings']).toMatchObject({ feePercent: null, feeAmount: { amount: '12.50' } });
  await layBys.settings(terms);
});
