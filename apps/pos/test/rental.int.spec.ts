import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { customersOf } from './customer.harness.ts';
import { card, cash, manager, tenantB, type Result } from './pos.harness.ts';
import { rentalsOf } from './rental.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// Units that are let for a time: pos and the real inventory together.

let shop: Shop;
let rentals: ReturnType<typeof rentalsOf>;
let customerId: string;
let registerId: string;
beforeAll(async () => {
  shop = await startShop();
  rentals = rentalsOf(shop);
  customerId = (await customersOf(shop).create({ name: 'Ada Keller' }))['customer'].id;
  registerId = (await shop.registerOpen({ locationCode: 'HQ', registerName: 'Till 1' }))['register']
    .id;
});
afterAll(() => shop?.stop());

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
const june = (from: number, until: number) => ({
  from: new Date(Date.UTC(2026, 5, from, 10)).toISOString(),
  until: new Date(Date.UTC(2026, 5, until, 10)).toISOString(),
});
let units = 0;
async function unit() {
  const serial = `R-${(units += 1)}`;
  const sku = `TIARA-${serial}`;
  await shop.product({ sku, tracking: 'SERIAL', serial });
  return { sku, serial };
}
const usual = () => ({
  customerId,
  price: eur('120.00'),
  lateFeePerDay: eur('15.00'),
  ...june(1, 8),
});
async function booked(more: object = {}) {
  const piece = await unit();
  const answer = await rentals.book({ ...piece, ...usual(), ...more });
  if (answer.__typename !== 'RentalBookSuccess') throw new Error(JSON.stringify(answer));
  return { ...piece, rentalId: answer['rental'].id as string };
}
const canBeSold = async (piece: object) => {
  const lines = [piece];
  const opened = await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines });
  if (opened.__typename === 'SaleOpenSuccess')
    await shop.saleVoid({ saleId: opened['sale'].id, reason: 'a look' });
  return opened.__typename === 'SaleOpenSuccess';
};
const countOf = async (table: string) =>
  (await shop.rows<{ n: number }>('pos', `SELECT count(*)::int AS n FROM ${table}`))[0]!.n;

it('a unit goes out with a deposit, can be sold by nobody, and comes back late and damaged', async () => {
  const { rentalId, ...piece } = await booked();
  expect(await canBeSold(piece)).toBe(true);
  const deposit = { kind: 'CASH', amount: eur('200.00'), registerId };
  const going = { rentalId, deposit, note: 'one stone loose', idempotencyKey: randomUUID() };
  const out = await rentals.out(going);
  expect(out['rental']).toMatchObject({
    ...{ status: 'OUT', deposit: eur('200.00'), depositKind: 'CASH', outNote: 'one stone loose' },
    ...{ lateFee: null, due: null },
  });
  expect(await rentals.out(going)).toEqual(out);
  expect(await canBeSold(piece)).toBe(false);
  const [hold] = await shop.rows(
    'inventory',
    'SELECT id, kind, purpose FROM hold WHERE reference_id = $1',
    [rentalId],
  );
  expect(hold).toMatchObject({ kind: 'HARD', purpose: 'RENTAL' });
  await shop.rows('pos', `UPDATE rental SET out_at = '2026-06-01T10:00:00Z' WHERE id = $1`, [
    rentalId,
  ]);
  const coming = {
    rentalId,
    backAt: '2026-06-10T09:00:00Z',
    damageFee: eur('50.00'),
    note: 'stone lost',
    registerId,
  };
  const back = await rentals.back({ ...coming, idempotencyKey: 'back-1' });
  expect(back['rental']).toMatchObject({
    ...{ status: 'BACK', lateFee: eur('30.00'), damageFee: eur('50.00') },
    ...{ depositBack: eur('120.00'), due: eur('0.00') },
  });
  expect(await rentals.back({ ...coming, idempotencyKey: 'back-1' })).toEqual(back);
  expect(await canBeSold(piece)).toBe(true);
  expect(
    await shop.rows('pos', 'SELECT settle_after FROM rental WHERE id = $1', [rentalId]),
  ).toEqual([{ settle_after: null }]);
  await eventually(async () => {
    const earned = await shop.rows(
      'inventory',
      `SELECT kind, amount_minor::int AS minor, category FROM item_ledger_entry WHERE reference_id = $1`,
      [rentalId],
    );
    expect(earned).toEqual([{ kind: 'INCOME', minor: 20_000, category: 'RENTAL' }]);
    return true;
  });
  const closed = await shop.registerClose({ registerId, countedCash: eur('80.00') });
  expect(closed['shift']).toMatchObject({
    expectedCash: { amount: '80.00' },
    difference: { amount: '0.00' },
  });
  expect(closed['shift'].zReport.figures.cashMovements).toEqual([
    { kind: 'PAY_IN', total: { amount: '200.00' } },
    { kind: 'PAY_OUT', total: { amount: '120.00' } },
  ]);
  await shop.registerOpen({ locationCode: 'HQ', registerName: 'Till 1' });
});

it('fees beyond the deposit are due, and nothing goes back', async () => {
  const { rentalId } = await booked();
  const deposit = { kind: 'CARD', amount: eur('20.00'), reference: 'auth 7' };
  await rentals.out({ rentalId, deposit });
  const back = await rentals.back({ rentalId, damageFee: eur('70.00'), note: 'bent' });
  // It went out now, long after June.
  const [{ days }] = (await shop.rows(
    'pos',
    `SELECT ceil(extract(epoch FROM back_at - upper(period)) / 86400)::int AS days FROM rental WHERE id = $1`,
    [rentalId],
  )) as [{ days: number }];
  expect(back['rental']).toMatchObject({
    ...{ depositBack: eur('0.00'), lateFee: eur(`${days * 15}.00`) },
    due: eur(`${days * 15 + 50}.00`),
  });
});

it('of 20 who book one unit for one week one has it, and the others are told the period and nobody', async () => {
  const piece = await unit();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      rentals.book({ ...piece, ...usual(), ...june(1 + (n % 3), 8 + (n % 3)) }),
    ),
  );
  const won = answers.filter(({ __typename }) => __typename === 'RentalBookSuccess');
  expect(won).toHaveLength(1);
  const { id: rentalId, from, until } = won[0]!['rental'];
  const refused = answers.filter(({ __typename }) => __typename !== 'RentalBookSuccess');
  expect(refused).toHaveLength(19);
  for (const answer of refused)
    expect(answer).toEqual({
      ...{ __typename: 'RentalOverlaps', code: 'RENTAL_OVERLAPS', rentalId, from, until },
      message: `The unit is let from ${from} until ${until}.`,
    });
  const rows = await shop.rows('pos', 'SELECT id FROM rental WHERE serial = $1', [piece.serial]);
  expect(rows).toEqual([{ id: rentalId }]);
});

it('one rental may begin when the other ends, and takes the place of one that was given up', async () => {
  const { rentalId, ...piece } = await booked();
  expect((await rentals.book({ ...piece, ...usual(), ...june(8, 9) })).__typename).toBe(
    'RentalBookSuccess',
  );
  expect((await rentals.book({ ...piece, ...usual(), ...june(7, 8) })).__typename).toBe(
    'RentalOverlaps',
  );
  expect((await rentals.cancel({ rentalId }))['rental'].status).toBe('CANCELLED');
  expect((await rentals.book({ ...piece, ...usual(), ...june(7, 8) })).__typename).toBe(
    'RentalBookSuccess',
  );
  expect((await rentals.cancel({ rentalId })).__typename).toBe('RentalNotPossible');
});

it('a booked unit that is sold is a conflict from the moment of the sale, and listed', async () => {
  const { rentalId, ...piece } = await booked();
  const later = await rentals.book({ ...piece, ...usual(), ...june(20, 21) });
  const basket = await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines: [piece] });
  const saleId = basket['sale'].id as string;
  expect((await shop.saleCommit({ saleId, tenders: [card('100.00')] })).__typename).toBe(
    'SaleCommitSuccess',
  );
  const { serialUnit } = await rentals.byId(rentalId);
  const conflicts = await rentals.list({ status: 'CONFLICT', serialUnitId: serialUnit.id });
  expect(conflicts.map(({ id, conflictSale }) => [id, conflictSale.id])).toEqual([
    [later['rental'].id, saleId],
    [rentalId, saleId],
  ]);
  expect(await rentals.out({ rentalId })).toMatchObject({
    __typename: 'RentalNotPossible',
    status: 'CONFLICT',
  });
  expect(await rentals.book({ ...piece, ...usual(), ...june(25, 26) })).toMatchObject({
    __typename: 'InvalidInput',
    field: 'serial',
  });
  expect((await rentals.cancel({ rentalId }))['rental'].status).toBe('CANCELLED');
});

it('a unit in a basket does not go out; nothing is kept or taken, and the same key tries again', async () => {
  const { rentalId, ...piece } = await booked();
  const basket = await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines: [piece] });
  const before = await countOf('cash_movement');
  const deposit = { kind: 'CASH', amount: eur('50.00'), registerId };
  const input = { rentalId, deposit, idempotencyKey: randomUUID() };
  expect(await rentals.out(input)).toMatchObject({
    __typename: 'RentalUnitNotFree',
    code: 'RENTAL_UNIT_NOT_FREE',
    rentalId,
  });
  expect(await countOf('cash_movement')).toBe(before);
  await shop.saleVoid({ saleId: basket['sale'].id, reason: 'let instead' });
  expect((await rentals.out(input))['rental'].status).toBe('OUT');
  expect(await countOf('cash_movement')).toBe(before + 1);
});

it('one of many who hand it out at once does, with one deposit and one hold', async () => {
  const { rentalId } = await booked();
  const before = await countOf('cash_movement');
  const deposit = { kind: 'CASH', amount: eur('50.00'), registerId };
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => rentals.out({ rentalId, deposit })),
  );
  expect(answers.filter(({ __typename }) => __typename === 'RentalOutSuccess')).toHaveLength(1);
  expect(await countOf('cash_movement')).toBe(before + 1);
  const live = await shop.rows(
    'inventory',
    `SELECT kind FROM hold WHERE reference_id = $1 AND status = 'LIVE'`,
    [rentalId],
  );
  expect(live).toEqual([{ kind: 'HARD' }]);
  expect((await rentals.back({ rentalId, registerId }))['rental'].status).toBe('BACK');
});

it('is paid by a usual sale of enough, once', async () => {
  await shop.product({ sku: 'RENT', tracking: 'QUANTITY', quantity: 9 });
  const paid = async (amount: string) => {
    const lines = [{ sku: 'RENT', unitPrice: eur(amount) }];
    const of = { channel: 'COUNTER', registerId, currencyCode: 'EUR', lines };
    return (await shop.saleRecord({ ...of, tenders: [cash(amount)] }))['sale'].id as string;
  };
  const { rentalId } = await booked({ price: eur('20.00'), pricePer: 'DAY' });
  expect((await rentals.byId(rentalId)).price).toEqual(eur('140.00'));
  const less = await paid('139.99');
  expect(await rentals.out({ rentalId, saleId: less })).toMatchObject({
    __typename: 'InvalidInput',
    field: 'saleId',
  });
  const saleId = await paid('140.00');
  expect((await rentals.out({ rentalId, saleId }))['rental'].sale).toEqual({ id: saleId });
  const other = await booked();
  expect(await rentals.out({ rentalId: other.rentalId, saleId })).toMatchObject({
    __typename: 'InvalidInput',
    field: 'saleId',
  });
  expect((await rentals.byId(other.rentalId)).status).toBe('BOOKED');
});

describe('what is refused writes nothing', () => {
  it.each([
    ['a period without a day', june(8, 8), 'InvalidInput', 'until'],
    ['a period that ends before it begins', june(8, 1), 'InvalidInput', 'until'],
    ['more than a year', { ...june(1, 8), until: '2027-06-10T10:00:00Z' }, 'InvalidInput', 'until'],
    ['a price of −1', { price: eur('-1') }, 'InvalidInput', 'price'],
    ['a third decimal of EUR', { price: eur('1.001') }, 'InvalidInput', 'price'],
    [
      'a fee of another currency',
      { lateFeePerDay: { amount: '1', currencyCode: 'USD' } },
      'CurrencyMismatch',
      undefined,
    ],
    ['a card number', { note: '4111 1111 1111 1111' }, 'InvalidInput', 'note'],
    ['nobody', { customerId: randomUUID() }, 'NotFound', undefined],
    ['an unknown unit', { serial: 'NOPE' }, 'NotFound', undefined],
  ])('a booking with %s', async (_what, wrong, typename, field) => {
    const piece = await unit();
    const before = await countOf('rental');
    const answer = await rentals.book({ ...piece, ...usual(), ...wrong });
    expect([answer.__typename, answer['field']]).toEqual([typename, field]);
    expect(await countOf('rental')).toBe(before);
  });

  it.each([
    ['a deposit of nothing', { kind: 'CARD', amount: eur('0'), reference: 'x' }, 'InvalidInput'],
    ['a deposit by card without a reference', { kind: 'CARD', amount: eur('5') }, 'InvalidInput'],
    ['a deposit in cash without a till', { kind: 'CASH', amount: eur('5') }, 'InvalidInput'],
    [
      'a deposit in another currency',
      { kind: 'CARD', amount: { amount: '5', currencyCode: 'USD' }, reference: 'x' },
      'CurrencyMismatch',
    ],
    [
      'a till that is not known',
      { kind: 'CASH', amount: eur('5'), registerId: randomUUID() },
      'NotFound',
    ],
  ])('a unit does not go out with %s, and stays free', async (_what, deposit, typename) => {
    const { rentalId, ...piece } = await booked();
    const before = await countOf('cash_movement');
    expect((await rentals.out({ rentalId, deposit })).__typename).toBe(typename);
    expect(await countOf('cash_movement')).toBe(before);
    expect(await canBeSold(piece)).toBe(true);
    expect((await rentals.byId(rentalId)).status).toBe('BOOKED');
  });

  it('a closed till takes no deposit; what is not out does not come back; another tenant knows none of it', async () => {
    const closed = (
      await shop.registerCreate({ locationCode: 'HQ', registerName: 'Closed' }, manager)
    )['register'].id;
    const { rentalId, ...piece } = await booked();
    const deposit = { kind: 'CASH', amount: eur('5.00'), registerId: closed };
    expect((await rentals.out({ rentalId, deposit })).__typename).toBe('RegisterClosed');
    expect(await rentals.back({ rentalId })).toMatchObject({
      __typename: 'RentalNotPossible',
      status: 'BOOKED',
    });
    expect(await rentals.back({ rentalId, damageFee: eur('1') })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'note',
    });
    expect(await rentals.back({ rentalId, backAt: '2999-01-01T00:00:00Z' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'backAt',
    });
    const other = { tenantId: tenantB, scopes: ['rental:write'] };
    const answers: Result[] = await Promise.all([
      rentals.out({ rentalId }, other),
      rentals.back({ rentalId }, other),
      rentals.cancel({ rentalId }, other),
      rentals.book({ ...piece, ...usual() }, other),
    ]);
    expect(answers.map(({ __typename }) => __typename)).toEqual(
      Array.from({ length: 4 }, () => 'NotFound'),
    );
    expect(await rentals.byId(rentalId, other)).toBeNull();
    expect(await rentals.list({}, other)).toEqual([]);
    expect((await rentals.byId(rentalId)).status).toBe('BOOKED');
  });
});
