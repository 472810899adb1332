import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { consignmentsOf } from './consignment.harness.ts';
import { customersOf } from './customer.harness.ts';
import { card, cash, tenantB, type Result } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// Pieces of somebody else: pos and the real inventory together.

let shop: Shop;
let consign: ReturnType<typeof consignmentsOf>;
let customers: ReturnType<typeof customersOf>;
let registerId: string;
beforeAll(async () => {
  shop = await startShop();
  consign = consignmentsOf(shop);
  customers = customersOf(shop);
  registerId = (await shop.registerOpen({ locationCode: 'HQ', registerName: 'Till 1' }))['register']
    .id;
});
afterAll(() => shop?.stop());

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
const owner = async () => (await customers.create({ name: 'Ada Keller' }))['customer'];
const opened = async (terms: object = {}) => {
  const { id: ownerId } = await owner();
  const input = { ownerId, currencyCode: 'EUR', ownerSharePercent: '60', ...terms };
  const { agreement } = (await consign.open(input)) as Result;
  return { ownerId: ownerId as string, agreementId: agreement.id as string };
};
let serials = 0;
/** A piece for 100.00 EUR in stock at HQ and in an agreement. */
async function consigned(terms: object = {}, own: object = {}) {
  const serial = `C-${(serials += 1)}`;
  const sku = `PIECE-${serial}`;
  await shop.product({ sku, tracking: 'SERIAL', serial });
  const { ownerId, agreementId } = await opened(terms);
  const added = await consign.add({ agreementId, sku, serial, ...own });
  if (added.__typename !== 'ConsignmentPieceAddSuccess') throw new Error(JSON.stringify(added));
  return { ownerId, agreementId, sku, serial, pieceId: added['piece'].id as string };
}
async function basket(line: object): Promise<Result> {
  const of = { channel: 'COUNTER', registerId, currencyCode: 'EUR', lines: [line] };
  return (await shop.saleOpen(of))['sale'];
}
async function sell(line: object): Promise<Result> {
  const { id: saleId, total } = (await basket(line)) as Result & { id: string; total: Result };
  const paid = await shop.saleCommit({ saleId, tenders: [cash(total['amount'])] });
  if (paid.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(paid));
  return paid['sale'];
}
const entriesOf = async (ownerId: string) =>
  (await consign.statement({ ownerId })).entries.nodes as Result[];
const countOf = async (table: string) =>
  (await shop.rows<{ n: number }>('pos', `SELECT count(*)::int AS n FROM ${table}`))[0]!.n;

it('a consigned brooch on the web is sold at the counter; the web payment a second later is owed back, the owner is owed once', async () => {
  const { ownerId, agreementId, sku, serial } = await consigned({ minimumPrice: eur('4000.00') });
  const line = { sku, serial, unitPrice: eur('4200.00') };
  const web = (await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines: [line] }))['sale'];
  const saleId = web.id as string;
  expect((await shop.saleCheckout({ saleId })).__typename).toBe('SaleCheckoutSuccess');
  await shop.rows(
    'pos',
    'UPDATE sale SET payment_due_at = now(), settle_after = now() WHERE id = $1',
    [saleId],
  );
  await eventually(async () => {
    const [sale] = await shop.rows(
      'pos',
      'SELECT release_confirmed_at AS at FROM sale WHERE id = $1',
      [saleId],
    );
    expect(sale!['at']).not.toBeNull();
    return true;
  });
  const counter = await sell(line);
  const late = await shop.saleCommit({ saleId, tenders: [card('4200.00')] });
  expect(late).toMatchObject({ __typename: 'RefundDue', amount: eur('4200.00') });
  expect((await consign.agreement(agreementId)).owed).toEqual([eur('2520.00')]);
  expect(await entriesOf(ownerId)).toEqual([
    expect.objectContaining({
      ...{ number: 1, kind: 'SOLD', amount: eur('2520.00'), balance: eur('2520.00'), quantity: 1 },
      ...{ paid: eur('4200.00'), piece: { serial, sku }, sale: { id: counter['id'] } },
      isBelowMinimum: false,
    }),
  ]);
  expect(
    await shop.rows(
      'pos',
      'SELECT sold_quantity, left_quantity FROM consignment_piece WHERE agreement_id = $1',
      [agreementId],
    ),
  ).toEqual([{ sold_quantity: 1, left_quantity: 0 }]);
});

it('a return takes back what was owed, and the next sale owes again', async () => {
  const { ownerId, agreementId, sku, serial } = await consigned();
  const first = await sell({ sku, serial });
  const back = await shop.saleReturn({
    ...{ saleId: first['id'], registerId, reason: 'CHANGED_MIND' },
    lines: [{ lineId: first['lines'][0].id }],
  });
  expect(back.__typename).toBe('SaleReturnSuccess');
  expect((await consign.agreement(agreementId)).pieces.nodes[0]).toMatchObject({
    soldQuantity: 0,
    leftQuantity: 1,
  });
  await eventually(async () => (await basket({ sku, serial }))?.['lines']?.length === 1);
  expect(
    (await entriesOf(ownerId)).map(({ kind, amount, balance }) => [
      kind,
      amount.amount,
      balance.amount,
    ]),
  ).toEqual([
    ['SOLD', '60.00', '60.00'],
    ['TAKEN_BACK', '-60.00', '0.00'],
  ]);
});

it('of goods by quantity those in consignment are sold first and come back last', async () => {
  const sku = 'BEADS';
  await shop.product({ sku, tracking: 'QUANTITY', quantity: 8 });
  const { ownerId, agreementId } = await opened({ ownerSharePercent: '33.33' });
  expect((await consign.add({ agreementId, sku, quantity: 5 })).__typename).toBe(
    'ConsignmentPieceAddSuccess',
  );
  await sell({ sku, quantity: 3 });
  const second = await sell({ sku, quantity: 4 });
  const back = (quantity: number) =>
    shop.saleReturn({
      ...{ saleId: second['id'], registerId, reason: 'CHANGED_MIND' },
      lines: [{ lineId: second['lines'][0].id, quantity }],
    });
  const left = async () => (await consign.agreement(agreementId)).pieces.nodes[0].leftQuantity;
  expect(await left()).toBe(0);
  await back(2);
  expect(await left()).toBe(0);
  await back(1);
  expect(await left()).toBe(1);
  await back(1);
  expect(await left()).toBe(2);
  expect(
    (await entriesOf(ownerId)).map(({ kind, quantity, amount }) => [kind, quantity, amount.amount]),
  ).toEqual([
    ['SOLD', 3, '99.99'],
    ['SOLD', 2, '66.66'],
    ['TAKEN_BACK', 1, '-33.33'],
    ['TAKEN_BACK', 1, '-33.33'],
  ]);
});

it('a fixed amount is owed whatever was paid, in the currency of its agreement', async () => {
  const { agreementId, sku, serial } = await consigned(
    {
      ownerSharePercent: null,
      amountOwed: { amount: '7000', currencyCode: 'JPY' },
      currencyCode: 'JPY',
    },
    { amountOwed: { amount: '7500', currencyCode: 'JPY' } },
  );
  await sell({ sku, serial });
  expect((await consign.agreement(agreementId)).owed).toEqual([
    { amount: '7500', currencyCode: 'JPY' },
  ]);
});

it('discounts are borne by both, or by the shop alone', async () => {
  const shares: string[] = [];
  for (const discounts of ['SHARED', 'SHOP']) {
    const { agreementId, sku, serial } = await consigned({ discounts });
    const { id: saleId } = await basket({ sku, serial });
    await shop.rows('pos', 'UPDATE sale_line SET discount_minor = 2000 WHERE sale_id = $1', [
      saleId,
    ]);
    await shop.rows('pos', 'UPDATE sale SET total_minor = 8000 WHERE id = $1', [saleId]);
    expect((await shop.saleCommit({ saleId, tenders: [cash('80.00')] })).__typename).toBe(
      'SaleCommitSuccess',
    );
    shares.push((await consign.agreement(agreementId)).owed[0].amount);
  }
  expect(shares).toEqual(['48.00', '60.00']);
});

it('below its minimum price a piece is not sold, neither at the till nor by a checkout on the web', async () => {
  const { agreementId, sku, serial } = await consigned({ minimumPrice: eur('90.00') });
  const line = { sku, serial, unitPrice: eur('89.99') };
  const { id: saleId } = await basket(line);
  const refused = await shop.saleCommit({ saleId, tenders: [cash('89.99')] });
  expect(refused).toMatchObject({
    ...{ __typename: 'BelowMinimumPrice', code: 'BELOW_MINIMUM_PRICE' },
    message: `${sku} must bring 90.00, not 89.99.`,
  });
  expect(await shop.rows('pos', 'SELECT status FROM sale WHERE id = $1', [saleId])).toEqual([
    { status: 'OPEN' },
  ]);
  await shop.saleVoid({ saleId, reason: 'too cheap' });
  const web = (await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines: [line] }))['sale'];
  expect((await shop.saleCheckout({ saleId: web.id })).__typename).toBe('BelowMinimumPrice');
  expect((await consign.agreement(agreementId)).owed).toEqual([]);
  await shop.saleLineUpdate({ saleId: web.id, lineId: web.lines[0].id, unitPrice: eur('90.00') });
  expect((await shop.saleCheckout({ saleId: web.id })).__typename).toBe('SaleCheckoutSuccess');
});

it('where the agreement only warns it is sold, and the share is of the minimum', async () => {
  const { ownerId, sku, serial } = await consigned({
    minimumPrice: eur('90.00'),
    belowMinimum: 'WARN',
  });
  await sell({ sku, serial, unitPrice: eur('50.00') });
  expect(await entriesOf(ownerId)).toMatchObject([
    { amount: eur('54.00'), paid: eur('50.00'), isBelowMinimum: true },
  ]);
});

it('an owner is paid what is owed and no more, however many pay at once', async () => {
  const { ownerId, agreementId, sku, serial } = await consigned();
  await sell({ sku, serial });
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      consign.pay({ agreementId, amount: eur('25.00'), reference: `transfer ${n}` }),
    ),
  );
  const paid = answers.filter(({ __typename }) => __typename === 'ConsignmentPaySuccess');
  expect(paid).toHaveLength(2);
  expect(await consign.pay({ agreementId, amount: eur('10.01'), reference: 'x' })).toMatchObject({
    ...{ __typename: 'PaymentExceedsOwed', owed: eur('10.00'), requested: eur('10.01') },
  });
  const key = { idempotencyKey: randomUUID() };
  const rest = { agreementId, amount: eur('10.00'), reference: 'transfer 9', ...key };
  const last = await consign.pay(rest);
  expect(last['entry']).toMatchObject({
    kind: 'PAID',
    amount: eur('-10.00'),
    balance: eur('0.00'),
    number: 4,
  });
  expect(await consign.pay(rest)).toEqual(last);
  expect(await consign.statement({ ownerId })).toMatchObject({
    ...{ opening: eur('0.00'), sold: eur('60.00'), takenBack: eur('0.00'), paid: eur('60.00') },
    closing: eur('0.00'),
  });
});

it('a statement begins with what was owed before, and pages through its entries', async () => {
  const { ownerId, agreementId, sku, serial } = await consigned();
  await sell({ sku, serial });
  await consign.pay({ agreementId, amount: eur('20.00'), reference: 'first' });
  const [paid] = await shop.rows<{ at: string }>(
    'pos',
    `SELECT recorded_at::text AS at FROM consignment_entry
      WHERE agreement_id = $1 AND kind = 'PAID'`,
    [agreementId],
  );
  await consign.pay({ agreementId, amount: eur('15.00'), reference: 'second' });
  // With milliseconds, as the graph has them: the payment is in the period that begins with its millisecond.
  const from = new Date(paid!.at).toISOString();
  const later = await consign.statement({ ownerId, from });
  expect(later).toMatchObject({ paid: eur('35.00'), closing: eur('25.00') });
  const one = await consign.statement({ ownerId, first: 1 });
  const two = await consign.statement({ ownerId, first: 5, after: one.entries.pageInfo.endCursor });
  expect([...one.entries.nodes, ...two.entries.nodes].map(({ number }: Result) => number)).toEqual([
    1, 2, 3,
  ]);
  expect(await consign.statement({ ownerId: randomUUID() })).toBeNull();
});

it('a piece goes back to its owner by a movement that names the return, once under its key', async () => {
  const { agreementId, sku, serial, pieceId } = await consigned();
  const input = { pieceId, idempotencyKey: randomUUID() };
  const back = await consign.giveBack(input);
  expect(back['consignmentReturn']).toMatchObject({
    status: 'RETURNED',
    quantity: 1,
    piece: { leftQuantity: 0, returnedQuantity: 1 },
  });
  expect(await consign.giveBack(input)).toEqual(back);
  expect(
    await shop.rows(
      'inventory',
      `SELECT quantity, reason, reference_kind FROM movement WHERE reference_id = $1`,
      [back['consignmentReturn'].id],
    ),
  ).toEqual([{ quantity: -1, reason: 'OTHER', reference_kind: 'CONSIGNMENT_RETURN' }]);
  expect(await consign.giveBack({ pieceId })).toMatchObject({
    __typename: 'ConsignmentPieceNotLeft',
    leftQuantity: 0,
    requestedQuantity: 1,
  });
  expect(
    (await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines: [{ sku, serial }] }))
      .__typename,
  ).toBe('SaleLinesRefused');
  expect((await consign.end({ agreementId }))['agreement'].endedAt).not.toBeNull();
});

it('a piece in a basket does not go back, and one that is sold even less', async () => {
  const { agreementId, sku, serial, pieceId } = await consigned();
  const { id: saleId } = await basket({ sku, serial });
  const stays = await consign.giveBack({ pieceId });
  expect(stays.__typename).toBe('ConsignmentPieceStays');
  expect((await consign.agreement(agreementId)).pieces.nodes[0]).toMatchObject({
    leftQuantity: 1,
    returnedQuantity: 0,
  });
  expect(await consign.end({ agreementId })).toMatchObject({
    __typename: 'ConsignmentHasPieces',
    leftQuantity: 1,
  });
  await shop.saleCommit({ saleId, tenders: [cash('100.00')] });
  expect((await consign.giveBack({ pieceId })).__typename).toBe('ConsignmentPieceNotLeft');
  expect((await consign.agreement(agreementId)).owed).toEqual([eur('60.00')]);
});

it('a unit is in one agreement at a time, however many take it in at once', async () => {
  const sku = 'CONTESTED';
  await shop.product({ sku, tracking: 'SERIAL', serial: 'X-1' });
  const agreements = await Promise.all(Array.from({ length: 5 }, () => opened()));
  const answers = await Promise.all(
    agreements.map(({ agreementId }) => consign.add({ agreementId, sku, serial: 'X-1' })),
  );
  const names = answers.map(({ __typename }) => __typename).sort();
  expect(names).toEqual([
    'ConsignmentPieceAddSuccess',
    ...Array.from({ length: 4 }, () => 'PieceConsigned'),
  ]);
});

it('an owner is not erased while pieces are here or money is owed', async () => {
  const { ownerId, agreementId, sku, serial } = await consigned();
  const [customer] = await shop.rows('pos', 'SELECT version FROM customer WHERE id = $1', [
    ownerId,
  ]);
  const erase = () => customers.erase({ customerId: ownerId, version: customer!['version'] });
  expect(await erase()).toMatchObject({
    __typename: 'CustomerHasConsignments',
    code: 'CUSTOMER_HAS_CONSIGNMENTS',
  });
  await sell({ sku, serial });
  await consign.end({ agreementId });
  expect((await erase()).__typename).toBe('CustomerHasConsignments');
  await consign.pay({ agreementId, amount: eur('60.00'), reference: 'all' });
  expect((await erase()).__typename).toBe('CustomerEraseSuccess');
  expect(await consign.add({ agreementId, sku, serial })).toMatchObject({
    __typename: 'InvalidInput',
    field: 'serial',
  });
});

describe('what is refused writes nothing', () => {
  const share = { ownerSharePercent: '50' };
  it.each([
    ['no terms', {}, 'InvalidInput', 'ownerSharePercent'],
    ['two terms', { ...share, amountOwed: eur('5') }, 'InvalidInput', 'ownerSharePercent'],
    ['a share of 101 %', { ownerSharePercent: '101' }, 'InvalidInput', 'ownerSharePercent'],
    ['a share of −1 %', { ownerSharePercent: '-1' }, 'InvalidInput', 'ownerSharePercent'],
    ['three decimals of EUR', { amountOwed: eur('5.001') }, 'InvalidInput', 'amountOwed'],
    ['a negative minimum', { ...share, minimumPrice: eur('-1') }, 'InvalidInput', 'minimumPrice'],
    [
      'a minimum of another currency',
      { ...share, minimumPrice: { amount: '1', currencyCode: 'USD' } },
      'CurrencyMismatch',
      undefined,
    ],
    [
      'an end before its begin',
      { ...share, validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' },
      'InvalidInput',
      'validUntil',
    ],
    ['a card number', { ...share, reference: '4111 1111 1111 1111' }, 'InvalidInput', 'reference'],
    ['nobody', { ...share, ownerId: randomUUID() }, 'NotFound', undefined],
  ])('an agreement with %s', async (_what, terms, typename, field) => {
    const { id: ownerId } = await owner();
    const before = await countOf('consignment_agreement');
    const answer = await consign.open({ ownerId, currencyCode: 'EUR', ...terms });
    expect([answer.__typename, answer['field']]).toEqual([typename, field]);
    expect(await countOf('consignment_agreement')).toBe(before);
  });

  it.each([
    ['a service', { sku: 'SERVICE' }, 'InvalidInput'],
    ['an item of units without a unit', { sku: 'UNITS' }, 'InvalidInput'],
    ['nothing', { sku: 'GOODS', quantity: 0 }, 'InvalidInput'],
    ['−1', { sku: 'GOODS', quantity: -1 }, 'InvalidInput'],
    ['an unknown unit', { sku: 'UNITS', serial: 'NOPE' }, 'NotFound'],
    ['an unknown item', { sku: 'NOPE' }, 'NotFound'],
    [
      'an amount of another currency',
      { sku: 'GOODS', amountOwed: { amount: '1', currencyCode: 'USD' } },
      'CurrencyMismatch',
    ],
  ])('a piece that is %s', async (_what, piece, typename) => {
    if ((await shop.rows('inventory', `SELECT FROM stock_item WHERE sku = 'UNITS'`)).length === 0) {
      await shop.product({ sku: 'UNITS', tracking: 'SERIAL', serial: 'U-1' });
      await shop.product({ sku: 'GOODS', tracking: 'QUANTITY', quantity: 1 });
      await shop.product({ sku: 'SERVICE', tracking: 'QUANTITY', quantity: 1 });
      await shop.rows('inventory', `UPDATE stock_item SET tracking = 'NONE' WHERE sku = 'SERVICE'`);
    }
    const { agreementId } = await opened();
    const before = await countOf('consignment_piece');
    expect((await consign.add({ agreementId, ...piece })).__typename).toBe(typename);
    expect(await countOf('consignment_piece')).toBe(before);
  });

  it('what belongs to another tenant is unknown', async () => {
    const { ownerId, agreementId, pieceId } = await consigned();
    const other = { tenantId: tenantB, scopes: ['consignment:write'] };
    const before = await countOf('consignment_entry');
    const pay = { agreementId, amount: eur('1.00'), reference: 'x' };
    const answers = await Promise.all([
      consign.open({ ownerId, currencyCode: 'EUR', ...share }, other),
      consign.end({ agreementId }, other),
      consign.giveBack({ pieceId }, other),
      consign.pay(pay, other),
    ]);
    expect(answers.map(({ __typename }) => __typename)).toEqual(
      Array.from({ length: 4 }, () => 'NotFound'),
    );
    expect(await consign.agreement(agreementId, other)).toBeNull();
    expect(await consign.statement({ ownerId }, other)).toBeNull();
    expect((await consign.pay({ ...pay, amount: eur('0') })).__typename).toBe('InvalidInput');
    expect(
      (await consign.pay({ ...pay, amount: { amount: '1', currencyCode: 'USD' } })).__typename,
    ).toBe('PaymentExceedsOwed');
    expect(await countOf('consignment_entry')).toBe(before);
  });
});
