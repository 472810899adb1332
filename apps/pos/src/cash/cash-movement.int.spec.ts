import { randomUUID } from 'node:crypto';
import { card, cash, manager, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterAll(() => pos?.stop());

const money = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });
async function openTill(openingFloat: object | null = money('100')): Promise<string> {
  const till = { locationCode: 'HQ', registerName: randomUUID(), openingFloat };
  return (await pos.registerOpen(till))['register'].id;
}
const payOut = (registerId: string, amount: string, part: object = {}) => ({
  ...{ registerId, kind: 'PAY_OUT', amount: money(amount), reason: 'PETTY_CASH' },
  ...part,
});
const movementsOf = (registerId: string) =>
  pos.rows('SELECT kind, amount_minor FROM cash_movement WHERE register_id = $1 ORDER BY id', [
    registerId,
  ]);
async function sell(registerId: string, tenders: object[]) {
  const till = { channel: 'COUNTER', registerId, currencyCode: 'EUR' };
  const lines = [{ sku: 'CHAIN' }];
  const opened = await pos.saleOpen({ ...till, lines });
  return pos.saleCommit({ saleId: opened['sale'].id, tenders });
}

it('counts what came and went without a sale, and says so in the X report and at the close', async () => {
  const registerId = await openTill();
  await sell(registerId, [cash('120')]);
  await sell(registerId, [card('100')]);
  const given = await pos.saleOpen({ channel: 'COUNTER', registerId, currencyCode: 'EUR' });
  await pos.saleVoid({ saleId: given['sale'].id, reason: 'changed his mind' });
  const fund = { kind: 'PAY_IN', amount: money('50'), reason: 'CHANGE_FUND', note: 'coins' };
  const paidIn = await pos.cashMovementAdd({ registerId, ...fund });
  expect(paidIn).toMatchObject({
    __typename: 'CashMovementAddSuccess',
    movement: {
      ...fund,
      amount: money('50.00'),
      recordedBy: 'cashier',
      register: { id: registerId },
    },
  });
  await pos.cashMovementAdd(payOut(registerId, '12.5'));
  await pos.cashMovementAdd(payOut(registerId, '200', { kind: 'DROP', reason: 'SAFE' }));

  const total = '{ count total { amount currencyCode } }';
  const query = `{ xReport(registerId: "${registerId}") { register { id } takenAt
    shift { minutesOpen isLeftOpen cashMovements(first: 2) { nodes { kind } pageInfo { hasNextPage } } }
    figures { openingFloat { amount } sales ${total} voids ${total} cashiers { cashier count }
      tenders { kind count received { amount } change { amount } net { amount } }
      cashMovements { kind count total { amount } } expected { kind amount { amount } }
      receipts { count } } } }`;
  const { data } = await pos.graphql(query, {}, manager);
  expect(data['xReport']).toMatchObject({
    register: { id: registerId },
    shift: {
      minutesOpen: 0,
      isLeftOpen: false,
      cashMovements: {
        nodes: [{ kind: 'PAY_IN' }, { kind: 'PAY_OUT' }],
        pageInfo: { hasNextPage: true },
      },
    },
    figures: {
      openingFloat: { amount: '100.00' },
      sales: [{ count: 2, total: money('200.00') }],
      voids: [{ count: 1, total: money('0.00') }],
      cashiers: [{ cashier: 'cashier', count: 2 }],
      tenders: [
        { kind: 'CARD', count: 1, received: { amount: '100.00' }, net: { amount: '100.00' } },
        { kind: 'CASH', count: 1, received: { amount: '120.00' }, change: { amount: '20.00' } },
      ],
      cashMovements: [
        { kind: 'DROP', count: 1, total: { amount: '200.00' } },
        { kind: 'PAY_IN', count: 1, total: { amount: '50.00' } },
        { kind: 'PAY_OUT', count: 1, total: { amount: '12.50' } },
      ],
      expected: [
        { kind: 'CASH', amount: { amount: '37.50' } },
        { kind: 'CARD', amount: { amount: '100.00' } },
      ],
      receipts: { count: 2 },
    },
  });
  const closed = await pos.registerClose({ registerId, countedCash: money('37.5') });
  expect(closed['shift']).toMatchObject({
    expectedCash: { amount: '37.50' },
    difference: { amount: '0.00' },
  });
  expect((await pos.graphql(query, {}, manager)).data).toEqual({ xReport: null });
});

it('lets ten at once take out no more than the drawer holds', async () => {
  const registerId = await openTill(money('100'));
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => pos.cashMovementAdd(payOut(registerId, '30'))),
  );
  const refused = answers.filter(({ __typename }) => __typename === 'InsufficientCash');
  expect(refused).toHaveLength(7);
  expect(refused[0]).toMatchObject({ registerId, requested: money('30.00'), available: null });
  expect(await movementsOf(registerId)).toHaveLength(3);
});

it('tells a manager what the drawer holds, and a cashier not', async () => {
  const registerId = await openTill(money('100'));
  const both = { scopes: ['sale:write', 'register:manage'] };
  const told = await pos.cashMovementAdd(payOut(registerId, '100.01'), both);
  expect(told).toMatchObject({ requested: money('100.01'), available: { amount: '100.00' } });
  expect(told['message']).toBe('The drawer does not hold 100.01 EUR, it holds 100.00.');
  const untold = await pos.cashMovementAdd(payOut(registerId, '100.01'));
  expect(untold['message']).toBe('The drawer does not hold 100.01 EUR.');
  const { errors } = await pos.graphql(`{ xReport(registerId: "${registerId}") { takenAt } }`);
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect(await movementsOf(registerId)).toEqual([]);
});

it('is recorded once for a key, two at once included', async () => {
  const registerId = await openTill();
  const input = payOut(registerId, '1', { idempotencyKey: randomUUID() });
  const [one, two] = await Promise.all([pos.cashMovementAdd(input), pos.cashMovementAdd(input)]);
  expect(two).toEqual(one);
  const other = await pos.cashMovementAdd({ ...input, amount: money('2') });
  expect(other.__typename).toBe('IdempotencyKeyReused');
  expect(await movementsOf(registerId)).toEqual([{ kind: 'PAY_OUT', amount_minor: '100' }]);
});

it('fixes the currency of a drawer that was opened without a float', async () => {
  const registerId = await openTill(null);
  const yen = { registerId, kind: 'PAY_IN', amount: money('5000', 'JPY'), reason: 'BANK' };
  expect((await pos.cashMovementAdd(yen)).__typename).toBe('CashMovementAddSuccess');
  const euro = await pos.cashMovementAdd(payOut(registerId, '1'));
  expect(euro).toMatchObject({ __typename: 'CurrencyMismatch', expected: 'JPY', actual: 'EUR' });
});

it.each([
  ['nothing', { amount: money('0') }, 'InvalidInput', { field: 'amount', value: '0' }],
  ['a negative amount', { amount: money('-1') }, 'InvalidInput', { field: 'amount', value: '-1' }],
  ['three decimals of EUR', { amount: money('1.005') }, 'InvalidInput', { value: '1.005' }],
  ['a currency that is none', { amount: money('1', 'EUX') }, 'InvalidInput', { field: 'amount' }],
  ['another currency', { amount: money('1', 'USD') }, 'CurrencyMismatch', { expected: 'EUR' }],
  ['OTHER without a note', { reason: 'OTHER', note: '  ' }, 'InvalidInput', { field: 'note' }],
  ['an endless note', { note: 'x'.repeat(501) }, 'InvalidInput', { field: 'note' }],
  ['a till that is none', { registerId: 'till' }, 'NotFound', { kind: 'Register' }],
  ['an unknown till', { registerId: randomUUID() }, 'NotFound', { kind: 'Register' }],
])('refuses %s and writes nothing', async (_name, part, __typename, data) => {
  const registerId = await openTill();
  const answer = await pos.cashMovementAdd(payOut(registerId, '1', part));
  expect(answer).toMatchObject({ __typename, ...data });
  expect(await movementsOf(registerId)).toEqual([]);
});

it('belongs to an open till of the tenant, and stays as it was recorded', async () => {
  const registerId = await openTill();
  const stranger = await pos.cashMovementAdd(payOut(registerId, '1'), {
    scopes: ['sale:write'],
    tenantId: tenantB,
  });
  expect(stranger).toMatchObject({ __typename: 'NotFound', kind: 'Register' });
  await pos.cashMovementAdd(payOut(registerId, '1'));
  await pos.registerClose({ registerId, countedCash: money('99') });
  const late = await pos.cashMovementAdd(payOut(registerId, '1'));
  expect(late).toMatchObject({ __typename: 'RegisterClosed' });
  for (const change of ['UPDATE cash_movement SET amount_minor = 1', 'DELETE FROM cash_movement'])
    await expect(pos.rows(change)).rejects.toThrow('append-only');
});
