import { randomUUID } from 'node:crypto';
import { card, cash, manager, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';
import { customersOf } from '../../test/customer.harness.ts';
import { layBysOf } from '../../test/lay-by.harness.ts';
import { taxesOf } from '../../test/tax.harness.ts';

let pos: Pos;
let taxes: ReturnType<typeof taxesOf>;
let registerId: string;
beforeAll(async () => {
  pos = await startPos();
  taxes = taxesOf(pos);
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100_000 });
  await pos.product({ sku: 'BOOK', tracking: 'QUANTITY', onHand: 1000, taxCode: 'BOOKS' });
  await pos.product({ sku: 'STAMP', tracking: 'QUANTITY', onHand: 1000, isTaxable: false });
  const opened = await pos.registerOpen({ registerName: 'Front', locationCode: 'HQ' });
  registerId = opened['register'].id;
});
afterAll(() => pos?.stop());
beforeEach(async () => {
  await pos.rows(
    'UPDATE tax_rule SET cancelled_at = now(), cancelled_by = $1 WHERE cancelled_at IS NULL',
    ['test'],
  );
  await settings({});
});

const settings = (given: object) =>
  taxes.set({ pricesIncludeTax: true, rounding: 'LINE', cashRounding: [], ...given });
const rule = async (component: string, rate: string, more: object = {}) =>
  (await taxes.addRule({ component, rate, ...more }))['rule'];
const money = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });
const line = (sku: string, price: string, quantity = 1, currencyCode = 'EUR') => ({
  ...{ sku, quantity, unitPrice: money(price, currencyCode) },
});

/** An open basket at the till. */
async function basket(...lines: ReturnType<typeof line>[]) {
  const { currencyCode } = lines[0]!.unitPrice;
  const opened = await pos.saleOpen({ channel: 'COUNTER', registerId, currencyCode, lines });
  const { id, lines: stored } = opened['sale'];
  return { saleId: id as string, lineIds: stored.map((one: { id: string }) => one.id) as string[] };
}

const written = (saleId: string) =>
  pos.rows(
    `SELECT component, rate::float AS rate, scheme, base_minor::int AS base, tax_minor::int AS tax, added_minor::int AS added
       FROM sale_tax WHERE sale_id = $1 ORDER BY component, base_minor`,
    [saleId],
  );
const row = (
  component: string,
  rate: number,
  amounts: [number, number, number],
  scheme = 'STANDARD',
) => ({
  ...{ component, rate, scheme, base: amounts[0], tax: amounts[1], added: amounts[2] },
});

it('shows a basket its tax as it would be now, and fixes it with the payment', async () => {
  await rule('VAT', '20');
  await rule('VAT', '5', { taxCode: 'books' });
  const { saleId } = await basket(
    line('CHAIN', '12.00'),
    line('BOOK', '10.50'),
    line('STAMP', '1.00'),
  );
  const open = await taxes.sale(saleId);
  expect(open).toMatchObject({
    total: { amount: '23.50' },
    tax: { total: { amount: '2.50' }, net: { amount: '21.00' } },
  });
  const sold = await pos.saleCommit({ saleId, tenders: [card('23.50')] });
  expect(sold.__typename).toBe('SaleCommitSuccess');
  await rule('VAT', '99', { validFrom: new Date().toISOString() });
  expect((await taxes.sale(saleId)).tax).toEqual(open.tax);
  expect(await written(saleId)).toEqual([
    row('VAT', 20, [1000, 200, 0]),
    row('VAT', 5, [1000, 50, 0]),
  ]);
});

it('adds state and county to prices without tax, and what is owed is all of it', async () => {
  await settings({ pricesIncludeTax: false });
  await rule('State', '6');
  await rule('County', '1.25', { locationCode: 'HQ' });
  const { saleId } = await basket(line('CHAIN', '10.00'));
  const short = await pos.saleCommit({ saleId, tenders: [card('10.00')] });
  expect(short).toMatchObject({ __typename: 'TenderMismatch', due: { amount: '10.73' } });
  expect(await written(saleId)).toEqual([]);
  await pos.saleCommit({ saleId, tenders: [card('10.73')] });
  expect(await taxes.sale(saleId)).toMatchObject({
    ...{ status: 'COMMITTED', total: { amount: '10.73' } },
    tax: { total: { amount: '0.73' }, net: { amount: '10.00' } },
  });
  expect(await written(saleId)).toEqual([
    row('County', 1.25, [1000, 13, 13]),
    row('State', 6, [1000, 60, 60]),
  ]);
});

it('rounds what cash pays as a part of its own, and nothing of a card', async () => {
  await settings({ cashRounding: [money('0.05', 'CHF')] });
  await rule('MWST', '8.1');
  const one = await basket(line('CHAIN', '10.52', 1, 'CHF'));
  await pos.saleCommit({ saleId: one.saleId, tenders: [cash('20.00', 'CHF')] });
  expect(await taxes.sale(one.saleId)).toMatchObject({
    ...{ total: { amount: '10.50' }, roundingAdjustment: { amount: '-0.02' } },
    ...{ change: { amount: '9.50' }, tax: { total: { amount: '0.79' }, net: { amount: '9.73' } } },
  });
  const other = await basket(line('CHAIN', '10.52', 1, 'CHF'));
  await pos.saleCommit({ saleId: other.saleId, tenders: [card('10.52', 'CHF')] });
  expect(await taxes.sale(other.saleId)).toMatchObject({
    total: { amount: '10.52' },
    roundingAdjustment: { amount: '0.00' },
  });
  const split = await basket(line('CHAIN', '10.52', 1, 'CHF'));
  await pos.saleCommit({
    saleId: split.saleId,
    tenders: [card('10.49', 'CHF'), cash('0.05', 'CHF')],
  });
  expect(await taxes.sale(split.saleId)).toMatchObject({
    total: { amount: '10.54' },
    roundingAdjustment: { amount: '0.02' },
  });
});

it('sells to an exempt buyer without the tax, and a wrong reference changes nothing', async () => {
  await rule('VAT', '20');
  const { saleId } = await basket(line('CHAIN', '12.00'));
  const refused = await taxes.exempt({ saleId, reference: '4111 1111 1111 1111' });
  expect(refused).toMatchObject({ __typename: 'InvalidInput', field: 'reference' });
  expect((await taxes.sale(saleId)).total).toEqual({ amount: '12.00' });
  const exempt = await taxes.exempt({ saleId, reference: 'DIPL-7' });
  expect(exempt['sale']).toMatchObject({ total: { amount: '10.00' }, taxExemption: 'DIPL-7' });
  await pos.saleCommit({ saleId, tenders: [cash('10.00')] });
  expect(await written(saleId)).toEqual([row('VAT', 20, [1000, 0, -200], 'EXEMPT')]);
  expect(await taxes.exempt({ saleId, reference: 'DIPL-8' })).toMatchObject({
    __typename: 'SaleNotOpen',
  });
});

it('taxes second-hand goods on their margin, which no receipt shows, and takes it back with them', async () => {
  await rule('VAT', '20');
  const { saleId, lineIds } = await basket(line('CHAIN', '1600.00'));
  const input = { saleId, lineId: lineIds[0] };
  expect(await taxes.setMargin({ ...input, purchaseCost: money('1', 'USD') })).toMatchObject({
    __typename: 'CurrencyMismatch',
  });
  expect(
    await taxes.setMargin({ ...input, lineId: randomUUID(), purchaseCost: money('1') }),
  ).toMatchObject({
    ...{ __typename: 'NotFound', kind: 'SaleLine' },
  });
  await taxes.setMargin({ ...input, purchaseCost: money('1000') });
  await pos.saleCommit({ saleId, tenders: [cash('1600.00')] });
  expect(await taxes.sale(saleId)).toMatchObject({
    ...{ total: { amount: '1600.00' }, tax: { total: { amount: '0.00' }, components: [] } },
    marginTax: [{ name: 'VAT', net: { amount: '500.00' }, amount: { amount: '100.00' } }],
  });
  const back = await pos.saleReturn({
    saleId,
    registerId,
    reason: 'CHANGED_MIND',
    lines: [{ lineId: lineIds[0] }],
  });
  expect(back.__typename).toBe('SaleReturnSuccess');
  expect(
    await pos.rows('SELECT scheme, tax_minor::int AS tax FROM sale_return_tax WHERE sale_id = $1', [
      saleId,
    ]),
  ).toEqual([{ scheme: 'MARGIN', tax: 10_000 }]);
});

it('gives back exactly the tax of what comes back, and cash as it was rounded', async () => {
  await settings({ pricesIncludeTax: false, cashRounding: [money('0.05', 'CHF')] });
  await rule('MWST', '8.1');
  const { saleId, lineIds } = await basket(line('CHAIN', '3.33', 3, 'CHF'));
  // 9.99 and 0.81 are 10.80.
  await pos.saleCommit({ saleId, tenders: [cash('10.80', 'CHF')] });
  const amounts: string[] = [];
  for (const _ of lineIds.concat(lineIds, lineIds)) {
    const back = await pos.saleReturn({
      saleId,
      registerId,
      reason: 'FAULTY',
      lines: [{ lineId: lineIds[0], quantity: 1 }],
    });
    amounts.push(back['saleReturn'].total.amount);
  }
  expect(amounts).toEqual(['3.60', '3.60', '3.60']);
  expect(
    await pos.rows(
      'SELECT tax_minor::int AS tax, base_minor::int AS base FROM sale_return_tax WHERE sale_id = $1',
      [saleId],
    ),
  ).toEqual([
    { tax: 27, base: 333 },
    { tax: 27, base: 333 },
    { tax: 27, base: 333 },
  ]);
});

it('finds the tax in what was paid elsewhere, whatever prices mean here', async () => {
  await settings({ pricesIncludeTax: false });
  await rule('VAT', '20');
  const sold = await pos.saleRecord({
    ...{ channel: 'WEB', locationCode: 'HQ', currencyCode: 'EUR', tenders: [card('12.00')] },
    lines: [line('CHAIN', '12.00')],
  });
  expect(sold.__typename).toBe('SaleRecordSuccess');
  expect(await written(sold['sale'].id)).toEqual([row('VAT', 20, [1000, 200, 0])]);
});

it('owes a web checkout the tax it showed, also when the payment comes late', async () => {
  await settings({ pricesIncludeTax: false });
  await rule('VAT', '20');
  const opened = await pos.saleOpen({
    ...{ channel: 'WEB', locationCode: 'HQ', currencyCode: 'EUR', lines: [line('CHAIN', '10.00')] },
  });
  const saleId = opened['sale'].id as string;
  const checkedOut = await pos.saleCheckout({ saleId });
  expect(checkedOut['sale'].total.amount).toBe('12.00');
  await pos.rows(
    "UPDATE sale SET payment_due_at = now() - interval '1 second', settle_after = now() WHERE id = $1",
    [saleId],
  );
  await pos.sweeper.sweep();
  const sold = await pos.saleCommit({ saleId, tenders: [card('12.00')] });
  expect(sold.__typename).toBe('SaleCommitSuccess');
  expect(sold['sale'].id).not.toBe(saleId);
  expect(sold['sale'].total.amount).toBe('12.00');
  expect(await written(sold['sale'].id)).toEqual([row('VAT', 20, [1000, 200, 200])]);
});

it('is in the figures of the shift and in the events, without a person', async () => {
  await rule('GST', '10');
  const { saleId, lineIds } = await basket(line('CHAIN', '11.00', 2));
  await pos.saleCommit({ saleId, tenders: [cash('22.00')] });
  await pos.saleReturn({
    saleId,
    registerId,
    reason: 'FAULTY',
    lines: [{ lineId: lineIds[0], quantity: 1 }],
  });
  const query = `query($id: ID!) { xReport(registerId: $id) { figures { taxes { name rate net { amount } amount { amount }
    returnedNet { amount } returnedAmount { amount } } } } }`;
  const { data } = await pos.graphql(query, { id: registerId }, manager);
  expect(data!['xReport'].figures.taxes).toContainEqual({
    ...{ name: 'GST', rate: '10', net: { amount: '20.00' }, amount: { amount: '2.00' } },
    ...{ returnedNet: { amount: '10.00' }, returnedAmount: { amount: '1.00' } },
  });
  const events = await pos.rows(
    'SELECT data -> $2 AS taxes FROM outbox WHERE aggregate_id = $1 ORDER BY sequence',
    [saleId, 'taxes'],
  );
  const tax = { lineId: lineIds[0], component: 'GST', rate: '10', scheme: 'STANDARD' };
  expect(events).toEqual([
    { taxes: [{ ...tax, baseMinor: 2000, taxMinor: 200, addedMinor: 0 }] },
    { taxes: [{ ...tax, baseMinor: 1000, taxMinor: 100 }] },
  ]);
});

it('ends a rule by cancelling it, and by time; one begins at a moment', async () => {
  const validFrom = '2026-01-01T00:00:00Z';
  const first = await rule('VAT', '20', { validFrom });
  expect(await taxes.addRule({ component: 'VAT', rate: '10', validFrom })).toMatchObject({
    ...{ __typename: 'TaxRuleExists', component: 'VAT' },
  });
  await taxes.cancelRule({ ruleId: first.id });
  await rule('VAT', '10', { validFrom, validTo: '2026-02-01T00:00:00Z' });
  const { saleId } = await basket(line('CHAIN', '12.00'));
  expect((await taxes.sale(saleId)).tax.components).toEqual([]);
});

it.each<[string, object, object]>([
  ['a rate over a hundred', { rate: '100.1' }, { field: 'rate' }],
  ['a rate below zero', { rate: '-1' }, { field: 'rate' }],
  ['seven decimals', { rate: '1.1234567' }, { field: 'rate' }],
  ['no name', { component: ' ' }, { field: 'component' }],
  ['a code with a blank', { taxCode: 'A B' }, { field: 'taxCode' }],
  [
    'an end before its start',
    { validFrom: '2026-02-01T00:00:00Z', validTo: '2026-01-01T00:00:00Z' },
    { field: 'validTo' },
  ],
  [
    'an unknown location',
    { locationCode: 'NOWHERE' },
    { __typename: 'NotFound', kind: 'Location' },
  ],
])('refuses a rule with %s, and writes nothing', async (_, given, refusal) => {
  const count = () => pos.rows('SELECT count(*)::int AS n FROM tax_rule');
  const before = await count();
  expect(await taxes.addRule({ component: 'VAT', rate: '20', ...given })).toMatchObject(refusal);
  expect(await count()).toEqual(before);
});

it('refuses coins that are worth nothing or have too many decimals', async () => {
  for (const amount of ['0', '0.001', '-1'])
    expect(await settings({ cashRounding: [money(amount)] })).toMatchObject({
      __typename: 'InvalidInput',
    });
});

it('is no other tenant’s', async () => {
  const { id } = await rule('VAT', '20');
  const stranger = { ...manager, tenantId: tenantB };
  expect(await taxes.cancelRule({ ruleId: id }, stranger)).toMatchObject({
    __typename: 'NotFound',
  });
  const { saleId } = await basket(line('CHAIN', '12.00'));
  const other = { scopes: ['sale:discount'], tenantId: tenantB };
  expect(await taxes.exempt({ saleId, reference: 'X' }, other)).toMatchObject({
    __typename: 'NotFound',
  });
});

it('a lay-by is paid in parts with the tax that its price does not include, and sold with it', async () => {
  await settings({ pricesIncludeTax: false });
  await rule('VAT', '20');
  const layBys = layBysOf(pos);
  const { customer } = await customersOf(pos).create({ name: 'Anna Weber' });
  const opened = await pos.saleOpen({
    ...{ channel: 'COUNTER', registerId, currencyCode: 'EUR', customerId: customer.id },
    lines: [line('CHAIN', '100')],
  });
  const saleId = opened['sale'].id as string;
  const tooMuch = await layBys.open({ saleId, tenders: [cash('120')], everyWeeks: 1, count: 1 });
  expect(tooMuch.__typename).toBe('LayByAmountRefused');
  expect(await written(saleId)).toEqual([]);
  const input = { saleId, tenders: [cash('60')], everyWeeks: 1, count: 1 };
  expect((await layBys.open(input)).__typename).toBe('LayByOpenSuccess');
  expect(await written(saleId)).toEqual([row('VAT', 20, [10_000, 2000, 2000])]);
  expect((await layBys.pay({ saleId, registerId, tenders: [cash('60')] })).__typename).toBe(
    'LayByPaySuccess',
  );
  expect(
    await pos.rows('SELECT status, total_minor::int AS total FROM sale WHERE id = $1', [saleId]),
  ).toEqual([{ status: 'COMMITTED', total: 12_000 }]);
});
