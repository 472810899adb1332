import { randomUUID } from 'node:crypto';
import {
  boss,
  discountsOf,
  money,
  salesperson,
  saleWithDiscounts,
} from '../../test/discount.harness.ts';
import { cash, manager, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
let discounts: ReturnType<typeof discountsOf>;
beforeAll(async () => {
  pos = await startPos();
  discounts = discountsOf(pos);
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100_000 });
});
afterAll(() => pos?.stop());
beforeEach(() =>
  discounts.set({
    ...{ limitPercent: '10', mayMeet: ['LINE_AND_SALE', 'MANUAL_AND_PROMOTION'] },
    ...{ reasons: [], isReasonFree: true },
  }),
);

const line = (price: string, quantity = 1, currencyCode = 'EUR') => ({
  ...{ sku: 'CHAIN', quantity, unitPrice: money(price, currencyCode) },
});

/** An open basket with lines of these prices. */
async function basket(...lines: ReturnType<typeof line>[]) {
  const { currencyCode } = lines[0]!.unitPrice;
  const opened = await pos.saleOpen({ channel: 'WEB', locationCode: 'HQ', currencyCode, lines });
  const { id, lines: stored } = opened['sale'];
  return { saleId: id as string, lineIds: stored.map((one: { id: string }) => one.id) as string[] };
}

const written = (saleId: string) =>
  pos.rows(
    `SELECT s.total_minor::int AS total, s.has_discounts AS has, coalesce(sum(l.discount_minor), 0)::int AS off,
            (SELECT count(*)::int FROM sale_discount d WHERE d.sale_id = s.id) AS discounts,
            (SELECT coalesce(sum(x.amount_minor), 0)::int FROM sale_discount_share x WHERE x.sale_id = s.id) AS shares
       FROM sale s LEFT JOIN sale_line l ON l.sale_id = s.id WHERE s.id = $1 GROUP BY s.id, s.total_minor, s.has_discounts`,
    [saleId],
  );
const untouched = (total: number) => [{ total, has: false, off: 0, discounts: 0, shares: 0 }];
const totals = (sale: { lines: { total: { amount: string } }[] }) =>
  sale.lines.map(({ total }) => total.amount);
const because = { reason: 'a scratch' };

it('takes a percentage off a line, and says so on line and sale', async () => {
  const { saleId, lineIds } = await basket(line('19.99', 3), line('5'));
  const given = await discounts.give({ saleId, lineId: lineIds[0], percent: '12.5', ...because });
  // 12.5 % of 59.97 is 7.49625.
  expect(given).toMatchObject({
    __typename: 'SaleDiscountGiveSuccess',
    sale: {
      total: { amount: '57.47' },
      discountTotal: { amount: '7.50' },
      discounts: [
        {
          ...{ id: given['discountId'], kind: 'LINE', percent: '12.5', amount: null },
          ...{ taken: { amount: '7.50' }, cutBy: null, line: { id: lineIds[0] } },
        },
      ],
      lines: [
        {
          ...{ total: { amount: '52.47' }, discountTotal: { amount: '7.50' } },
          discounts: [{ amount: { amount: '7.50' }, discount: { kind: 'LINE' } }],
        },
        { total: { amount: '5.00' }, discountTotal: { amount: '0.00' }, discounts: [] },
      ],
    },
  });
  expect(await written(saleId)).toEqual([
    { total: 5747, has: true, off: 750, discounts: 1, shares: 750 },
  ]);
});

it.each<[string, [string, number?, string?][], object, string[]]>([
  [
    'three equal lines, one unit over',
    [['10'], ['10'], ['10']],
    { amount: money('10') },
    ['6.66', '6.67', '6.67'],
  ],
  ['by value', [['1'], ['2'], ['7']], { amount: money('1') }, ['0.90', '1.80', '6.30']],
  [
    'the largest remainders first',
    [['0.03'], ['0.03'], ['0.04']],
    { amount: money('0.05') },
    ['0.01', '0.02', '0.02'],
  ],
  ['all there is', [['0.01'], ['3']], { amount: money('3.01') }, ['0.00', '0.00']],
  [
    'a percentage of the sum, not of each line',
    [['0.05'], ['0.05'], ['0.05']],
    { percent: '10' },
    ['0.04', '0.04', '0.05'],
  ],
  [
    'no decimals',
    [
      ['100', 1, 'JPY'],
      ['50', 1, 'JPY'],
    ],
    { percent: '33' },
    ['67', '33'],
  ],
  [
    'three decimals',
    [
      ['1.001', 1, 'KWD'],
      ['1', 1, 'KWD'],
    ],
    { amount: money('0.001', 'KWD') },
    ['1.000', '1.000'],
  ],
])('spreads a discount on the whole sale: %s', async (_name, lines, asked, expected) => {
  const { saleId } = await basket(...lines.map((one) => line(...one)));
  const given = await discounts.give({ saleId, ...asked, ...because });
  expect(totals(given['sale'])).toEqual(expected);
});

it('leaves lines out, and takes the line before the sale whichever was given first', async () => {
  const { saleId, lineIds } = await basket(line('100'), line('100'), line('40'));
  const whole = { saleId, percent: '10', excludedLineIds: [lineIds[2]], ...because };
  await discounts.give(whole);
  const given = await discounts.give({
    saleId,
    lineId: lineIds[0],
    amount: money('50'),
    ...because,
  });
  // 10 % of 50 + 100.
  expect(totals(given['sale'])).toEqual(['45.00', '90.00', '40.00']);
  expect(given['sale'].total.amount).toBe('175.00');
});

it('reckons anew when the basket changes, and is the same whichever way it came about', async () => {
  const { saleId, lineIds } = await basket(line('10', 2), line('30'));
  await discounts.give({ saleId, percent: '10', ...because });
  const given = await discounts.give({
    saleId,
    lineId: lineIds[1],
    amount: money('25'),
    ...because,
  });
  expect(totals(given['sale'])).toEqual(['18.00', '4.50']);
  const updated = await pos.saleLineUpdate({ saleId, lineId: lineIds[1], unitPrice: money('20') });
  expect(updated).toMatchObject({
    __typename: 'SaleLineUpdateSuccess',
    sale: { total: { amount: '18.00' } },
  });
  const { data } = await pos.graphql(
    `query($id: ID!) { sale(id: $id) { ${saleWithDiscounts} } }`,
    { id: saleId },
    boss,
  );
  expect(data['sale'].discounts).toMatchObject([
    { kind: 'SALE', taken: { amount: '2.00' }, cutBy: null },
    { kind: 'LINE', taken: { amount: '20.00' }, cutBy: 'PRICE' },
  ]);
  await pos.saleLineUpdate({ saleId, lineId: lineIds[1], unitPrice: money('30') });
  const added = await pos.saleLineAdd({ saleId, ...line('7.77') });
  expect(totals(added['sale'])).toEqual(['18.00', '4.50', '6.99']);
  const removed = await pos.saleLineRemove({ saleId, lineId: lineIds[1] });
  expect(totals(removed['sale'])).toEqual(['18.00', '6.99']);
  expect(await written(saleId)).toEqual([
    { total: 2499, has: true, off: 278, discounts: 1, shares: 278 },
  ]);
});

it('is taken back, and the basket is as if it had never been', async () => {
  const { saleId } = await basket(line('10'));
  const { discountId } = await discounts.give({ saleId, percent: '100', ...because });
  expect(await written(saleId)).toMatchObject([{ total: 0, off: 1000 }]);
  const removed = await discounts.remove({ saleId, discountId });
  expect(removed).toMatchObject({ sale: { total: { amount: '10.00' }, discounts: [] } });
  expect(await written(saleId)).toEqual(untouched(1000));
  expect(await discounts.remove({ saleId, discountId })).toMatchObject({
    ...{ __typename: 'NotFound', kind: 'SaleDiscount', id: discountId },
  });
});

describe('what one may give without the scope of a manager', () => {
  it.each<[string, object, string]>([
    ['exactly the limit', { percent: '10' }, 'SaleDiscountGiveSuccess'],
    ['exactly the limit as an amount', { amount: money('20') }, 'SaleDiscountGiveSuccess'],
    ['a hundredth of a percent more', { percent: '10.01' }, 'DiscountOverLimit'],
    ['a minor unit more', { amount: money('20.01') }, 'DiscountOverLimit'],
  ])('%s', async (_name, asked, expected) => {
    const { saleId } = await basket(line('100'), line('100'));
    const answer = await discounts.give({ saleId, ...asked, ...because }, salesperson);
    expect(answer.__typename).toBe(expected);
    if (expected === 'DiscountOverLimit') {
      expect(answer['limitPercent']).toBe('10');
      expect(await written(saleId)).toEqual(untouched(20_000));
    }
  });

  it('counts what was given by hand before, and what would be left out', async () => {
    const { saleId, lineIds } = await basket(line('100'), line('100'));
    const first = { saleId, lineId: lineIds[0], percent: '10', ...because };
    await discounts.give(first, salesperson);
    const whole = { saleId, percent: '6', ...because };
    expect((await discounts.give(whole, salesperson)).__typename).toBe('DiscountOverLimit');
    expect(await written(saleId)).toMatchObject([{ total: 19_000, discounts: 1 }]);
    const other = { saleId, amount: money('20'), excludedLineIds: [lineIds[0]], ...because };
    expect((await discounts.give(other, salesperson)).__typename).toBe('DiscountOverLimit');
    expect((await discounts.give(whole, boss)).__typename).toBe('SaleDiscountGiveSuccess');
  });

  it('an amount stays within the limit when its line becomes smaller', async () => {
    const { saleId, lineIds } = await basket(line('100', 10));
    const lineId = lineIds[0];
    await discounts.give({ saleId, lineId, amount: money('100'), ...because }, salesperson);
    const updated = await pos.saleLineUpdate({ saleId, lineId, quantity: 1 });
    expect(totals(updated['sale'])).toEqual(['90.00']);
    const again = await pos.saleLineUpdate({ saleId, lineId, quantity: 10 });
    expect(totals(again['sale'])).toEqual(['900.00']);
  });
});

it.each<[string, string, object, object]>([
  ['a second on the whole sale', 'SALE_AND_SALE', {}, {}],
  ['a second on the line', 'LINE_AND_LINE', { lineId: 0 }, { lineId: 0 }],
  ['one on the line of a reduced sale', 'LINE_AND_SALE', {}, { lineId: 0 }],
  ['one on the sale of a reduced line', 'LINE_AND_SALE', { lineId: 0 }, {}],
])('refuses %s where the setting does', async (_name, meeting, first, second) => {
  await discounts.set({ mayMeet: [] });
  const { saleId, lineIds } = await basket(line('100'));
  const ofLine = (part: object) => ('lineId' in part ? { lineId: lineIds[0] } : {});
  const given = await discounts.give({ saleId, percent: '1', ...ofLine(first), ...because });
  const answer = await discounts.give({ saleId, percent: '1', ...ofLine(second), ...because });
  const { discountId } = given;
  expect(answer).toMatchObject({ __typename: 'DiscountNotCombinable', meeting, discountId });
  expect(await written(saleId)).toMatchObject([{ total: 9900, discounts: 1 }]);
  await discounts.set({ mayMeet: [meeting] });
  const allowed = await discounts.give({ saleId, percent: '1', ...ofLine(second), ...because });
  expect(allowed['sale'].total.amount).toBe('98.01');
});

it('takes a reason of the list where the tenant has one', async () => {
  await discounts.set({ reasons: ['Damaged', 'Friend'], isReasonFree: false });
  const { saleId } = await basket(line('100'));
  const answer = await discounts.give({ saleId, percent: '1', reason: 'nice hat' });
  expect(answer).toMatchObject({
    ...{ __typename: 'DiscountReasonUnknown', reasons: ['Damaged', 'Friend'] },
  });
  expect(await written(saleId)).toEqual(untouched(10_000));
  const given = await discounts.give({ saleId, percent: '1', reason: ' Friend ' });
  expect(given.__typename).toBe('SaleDiscountGiveSuccess');
});

it.each<[string, object, string, object]>([
  ['101 %', { percent: '101' }, 'InvalidInput', { field: 'percent', value: '101' }],
  ['0 %', { percent: '0' }, 'InvalidInput', { field: 'percent' }],
  ['−1 %', { percent: '-1' }, 'InvalidInput', { field: 'percent' }],
  ['three decimals of a percent', { percent: '1.005' }, 'InvalidInput', { field: 'percent' }],
  [
    'percent and amount',
    { percent: '1', amount: money('1') },
    'InvalidInput',
    { field: 'percent' },
  ],
  ['neither', {}, 'InvalidInput', { field: 'percent' }],
  ['nothing', { amount: money('0') }, 'InvalidInput', { field: 'amount' }],
  ['a negative amount', { amount: money('-1') }, 'InvalidInput', { field: 'amount' }],
  ['three decimals of EUR', { amount: money('1.005') }, 'InvalidInput', { field: 'amount' }],
  ['another currency', { amount: money('1', 'USD') }, 'CurrencyMismatch', { expected: 'EUR' }],
  [
    'more than there is',
    { amount: money('100.01') },
    'DiscountExceedsPrice',
    { price: { amount: '100.00' } },
  ],
  ['no reason', { percent: '1', reason: ' ' }, 'InvalidInput', { field: 'reason' }],
  [
    'a card number for a reason',
    { percent: '1', reason: '4111 1111 1111 1111' },
    'InvalidInput',
    { field: 'reason', value: null },
  ],
  ['a line of nobody', { percent: '1', lineId: randomUUID() }, 'NotFound', { kind: 'SaleLine' }],
  ['no line id', { percent: '1', lineId: 'one' }, 'NotFound', { kind: 'SaleLine' }],
  [
    'an unknown line left out',
    { percent: '1', excludedLineIds: [randomUUID()] },
    'NotFound',
    { kind: 'SaleLine' },
  ],
  ['no sale', { percent: '1', saleId: 'x' }, 'NotFound', { kind: 'Sale' }],
])('refuses %s and writes nothing', async (_name, part, __typename, data) => {
  const { saleId } = await basket(line('100'));
  const answer = await discounts.give({ saleId, ...because, ...part });
  expect(answer).toMatchObject({ __typename, ...data });
  expect(await written(saleId)).toEqual(untouched(10_000));
});

it('is for a basket of the tenant, for who may give one, and while it is open', async () => {
  const { saleId } = await basket(line('100'));
  const asked = { saleId, percent: '1', ...because };
  const stranger = await discounts.give(asked, { ...boss, tenantId: tenantB });
  expect(stranger).toMatchObject({ __typename: 'NotFound', kind: 'Sale' });
  await expect(discounts.give(asked, { scopes: ['sale:write'] })).rejects.toThrow('FORBIDDEN');
  await expect(discounts.set({ limitPercent: '100' }, salesperson)).rejects.toThrow('FORBIDDEN');
  await pos.saleCommit({ saleId, tenders: [cash('100')] });
  const late = await discounts.give(asked);
  expect(late).toMatchObject({ __typename: 'SaleNotOpen', sale: { status: 'COMMITTED' } });
  expect(await written(saleId)).toEqual(untouched(10_000));
});

it('is given once for a key, and ten at once add up', async () => {
  await discounts.set({ mayMeet: ['SALE_AND_SALE'] });
  const { saleId } = await basket(line('100'));
  const asked = { saleId, amount: money('1'), ...because, idempotencyKey: randomUUID() };
  const [one, two] = await Promise.all([discounts.give(asked), discounts.give(asked)]);
  expect(two['discountId']).toBe(one['discountId']);
  const many = Array.from({ length: 10 }, () =>
    discounts.give({ saleId, amount: money('2'), ...because }),
  );
  await Promise.all(many);
  expect(await written(saleId)).toEqual([
    { total: 7900, has: true, off: 2100, discounts: 11, shares: 2100 },
  ]);
});

it('is in the event, the X report, the receipt and what a return gives back', async () => {
  const till = { locationCode: 'HQ', registerName: randomUUID(), openingFloat: money('100') };
  const registerId = (await pos.registerOpen(till))['register'].id as string;
  const lines = [line('10', 3)];
  const of = { channel: 'COUNTER', registerId, currencyCode: 'EUR', lines };
  const sale = (await pos.saleOpen(of))['sale'];
  const saleId = sale.id as string;
  await discounts.give({ saleId, amount: money('10'), ...because });
  const sold = await pos.saleCommit({ saleId, tenders: [cash('20')] });
  expect(sold).toMatchObject({
    __typename: 'SaleCommitSuccess',
    sale: { total: { amount: '20.00' } },
  });
  const [row] = await pos.rows(
    `SELECT data FROM outbox WHERE type = 'pos.sale-committed' AND aggregate_id = $1`,
    [saleId],
  );
  expect(row!['data']).toMatchObject({
    ...{
      totalMinor: 2000,
      lines: [{ unitPriceMinor: 1000, discountMinor: 1000, totalMinor: 2000 }],
    },
  });
  expect(JSON.stringify(row!['data'])).not.toMatch(/scratch|boss/);
  const asked = `{ xReport(registerId: "${registerId}") { figures {
    sales { total { amount } } discounts { count total { amount currencyCode } } } } }`;
  const { data } = await pos.graphql(asked, {}, manager);
  expect(data['xReport'].figures).toEqual({
    sales: [{ total: { amount: '20.00' } }],
    discounts: [{ count: 1, total: money('10.00') }],
  });
  const lineId = sale.lines[0].id as string;
  const parts = [];
  for (const quantity of [1, 1, 1])
    parts.push(
      await pos.saleReturn({ saleId, registerId, lines: [{ lineId, quantity }], reason: 'FAULTY' }),
    );
  expect(parts.map((part) => part['saleReturn'].total.amount)).toEqual(['6.67', '6.67', '6.66']);
});
