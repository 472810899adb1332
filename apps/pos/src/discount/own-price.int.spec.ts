import { randomUUID } from 'node:crypto';
import { boss, discountsOf, money, salesperson } from '../../test/discount.harness.ts';
import { card, startPos, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
let discounts: ReturnType<typeof discountsOf>;
beforeAll(async () => {
  pos = await startPos();
  discounts = discountsOf(pos);
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterEach(() => discounts.set({ ownPrice: 'ANYBODY' }));
afterAll(() => pos?.stop());

const place = { channel: 'WEB', locationCode: 'HQ', currencyCode: 'EUR' };
const cashier = { scopes: ['sale:write'], subject: 'ben' };
const linesOf = (saleId: string) =>
  pos.rows(
    `SELECT unit_price_minor::int AS price, list_price_minor::int AS list, list_price_version AS version,
            price_reason AS reason, price_given_by AS by FROM sale_line WHERE sale_id = $1 ORDER BY position`,
    [saleId],
  );

it('keeps the listed price with its version, and who sold at another and why', async () => {
  const lines = [{ sku: 'CHAIN' }, { sku: 'CHAIN', unitPrice: money('80'), priceReason: ' worn ' }];
  const { sale } = await pos.saleOpen({ ...place, lines }, cashier);
  const saleId = sale.id as string;
  await pos.saleLineAdd({ saleId, sku: 'CHAIN', unitPrice: money('120') }, cashier);
  expect(await linesOf(saleId)).toEqual([
    { price: 10_000, list: 10_000, version: 1, reason: null, by: null },
    { price: 8000, list: 10_000, version: 1, reason: 'worn', by: 'ben' },
    { price: 12_000, list: 10_000, version: 1, reason: null, by: 'ben' },
  ]);
  const change = {
    saleId,
    lineId: sale.lines[0].id,
    unitPrice: money('90'),
    priceReason: 'scratch',
  };
  await pos.saleLineUpdate(change, boss);
  expect((await linesOf(saleId))[0]).toEqual({
    ...{ price: 9000, list: 10_000, version: 1, reason: 'scratch', by: 'boss' },
  });
  const { data } = await pos.graphql(
    'query($id: ID!) { sale(id: $id) { lines { listPrice { amount } listPriceVersion priceReason priceGivenBy } } }',
    { id: saleId },
    boss,
  );
  expect(data['sale'].lines[1]).toEqual({
    ...{ listPrice: { amount: '100.00' }, listPriceVersion: 1 },
    ...{ priceReason: 'worn', priceGivenBy: 'ben' },
  });
});

describe('where the setting asks for a reason and a scope', () => {
  const line = { sku: 'CHAIN', unitPrice: money('1') };
  const because = { ...line, priceReason: 'worn' };
  const ways: [
    string,
    (saleId: string, line: object, caller: typeof cashier) => Promise<object>,
  ][] = [
    ['saleOpen', (_, one, caller) => pos.saleOpen({ ...place, lines: [one] }, caller)],
    ['saleLineAdd', (saleId, one, caller) => pos.saleLineAdd({ saleId, ...one }, caller)],
    ['saleLinesAdd', (saleId, one, caller) => pos.saleLinesAdd({ saleId, lines: [one] }, caller)],
  ];
  it.each(ways)('%s refuses what lacks one of them, and writes nothing', async (name, add) => {
    await discounts.set({ ownPrice: 'WITH_REASON' });
    const saleId = (await pos.saleOpen(place))['sale'].id as string;
    const before = await pos.rows('SELECT count(*) FROM sale_line');
    const silent = await add(saleId, line, salesperson);
    expect(silent).toMatchObject({
      ...{
        __typename: 'InvalidInput',
        field: name === 'saleLineAdd' ? 'priceReason' : 'lines.0.priceReason',
      },
    });
    await discounts.set({ ownPrice: 'WITH_REASON_AND_SCOPE' });
    const refused = await add(saleId, because, cashier);
    expect(refused).toMatchObject({ __typename: 'OwnPriceRefused', code: 'OWN_PRICE_REFUSED' });
    expect(await pos.rows('SELECT count(*) FROM sale_line')).toEqual(before);
    const added = await add(saleId, because, salesperson);
    expect(added).toMatchObject({ __typename: `${name[0]!.toUpperCase()}${name.slice(1)}Success` });
    const listed = await add(saleId, { sku: 'CHAIN' }, cashier);
    expect(listed).toMatchObject({
      __typename: `${name[0]!.toUpperCase()}${name.slice(1)}Success`,
    });
  });

  it('saleLineUpdate as well', async () => {
    await discounts.set({ ownPrice: 'WITH_REASON_AND_SCOPE' });
    const { sale } = await pos.saleOpen({ ...place, lines: [{ sku: 'CHAIN' }] });
    const change = { saleId: sale.id, lineId: sale.lines[0].id, unitPrice: money('1') };
    const reasoned = { ...change, priceReason: 'worn' };
    expect(await pos.saleLineUpdate(change, salesperson)).toMatchObject({ field: 'priceReason' });
    expect((await pos.saleLineUpdate(reasoned, cashier)).__typename).toBe('OwnPriceRefused');
    expect(await linesOf(sale.id)).toMatchObject([{ price: 10_000, by: null }]);
    const quantity = { saleId: sale.id, lineId: sale.lines[0].id, quantity: 2 };
    expect((await pos.saleLineUpdate(quantity, cashier)).__typename).toBe('SaleLineUpdateSuccess');
  });

  it('what another channel sold has its price from there, and a till asks as everywhere', async () => {
    await discounts.set({ ownPrice: 'WITH_REASON_AND_SCOPE' });
    const paid = { lines: [line], tenders: [card('1')] };
    expect((await pos.saleRecord({ ...place, ...paid }, cashier)).__typename).toBe(
      'SaleRecordSuccess',
    );
    const till = { locationCode: 'HQ', registerName: randomUUID() };
    const registerId = (await pos.registerOpen(till))['register'].id as string;
    const counter = { channel: 'COUNTER', registerId, currencyCode: 'EUR', ...paid };
    expect((await pos.saleRecord(counter, cashier)).__typename).toBe('InvalidInput');
    const reasoned = { ...counter, lines: [because] };
    expect((await pos.saleRecord(reasoned, cashier)).__typename).toBe('OwnPriceRefused');
    expect((await pos.saleRecord(reasoned, salesperson)).__typename).toBe('SaleRecordSuccess');
  });
});

it.each([
  ['a reason without a price', { priceReason: 'worn' }],
  ['a card number for a reason', { unitPrice: money('1'), priceReason: '4111111111111111' }],
  ['a reason of blanks', { unitPrice: money('1'), priceReason: ' ' }],
  ['an endless reason', { unitPrice: money('1'), priceReason: 'x'.repeat(256) }],
])('refuses %s', async (_name, part) => {
  const saleId = (await pos.saleOpen(place))['sale'].id as string;
  const answer = await pos.saleLineAdd({ saleId, sku: 'CHAIN', ...part });
  expect(answer).toMatchObject({ __typename: 'InvalidInput', field: 'priceReason' });
  expect(await linesOf(saleId)).toEqual([]);
});
