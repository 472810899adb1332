import fc from 'fast-check';
import { isRefusal } from '@onecount/refusal';
import { AmountProblem, changedAmount, rounded, type Rounding } from './amount-change.ts';
import { matrixWarnings, reordered, type Draft } from './matrix.ts';
import { sheetRows } from './sheet.ts';

const usd = { currencyCode: 'USD', priceMinor: 1999, compareAtPriceMinor: null, costMinor: 875 };
const ending99 = { step: '1.00', ending: '0.99' };

describe('an amount', () => {
  it.each([
    [{ set: '12.50' }, 1250],
    [{ set: null }, null],
    [{ percent: '-20' }, 1599],
    [{ percent: '7.7' }, 2153],
    [{ percent: '-100' }, 0],
    [{ amount: '-5.00' }, 1499],
    [{ percent: '120', of: 'COST' }, 1925],
    [{ percent: '120', of: 'COST', rounding: ending99 }, 1899],
    [{ percent: '120', of: 'COST', rounding: { ...ending99, mode: 'UP' } }, 1999],
    [{ percent: '-20', rounding: { step: '0.05' } }, 1600],
    [{ percent: '-20', rounding: { step: '5.00', mode: 'DOWN' } }, 1500],
    [{ set: '0.20', rounding: ending99 }, 99],
  ])('changed by %j is %s', (change, minor) => {
    expect(changedAmount(usd, 'priceMinor', change as never)).toBe(minor);
  });

  it.each([
    [{}, 'exactly one'],
    [{ set: '1', percent: '1' }, 'exactly one'],
    [{ percent: '-100.5' }, 'from -100'],
    [{ percent: 'NaN' }, 'from -100'],
    [{ percent: '1e3' }, 'from -100'],
    [{ percent: '1.00001' }, 'from -100'],
    [{ amount: '-20.00' }, 'below zero'],
    [{ set: '-1.00' }, 'below zero'],
    [{ set: '19.999' }, 'more decimals'],
    [{ set: '1e3' }, 'not a decimal'],
    [{ percent: '5', of: 'COMPARE_AT_PRICE' }, 'no amount'],
    [{ percent: '5', rounding: { step: '0' } }, 'above zero'],
    [{ percent: '5', rounding: { step: '1.00', ending: '1.00' } }, 'below the step'],
    [{ set: '9999999999999.99', rounding: { step: '1000.00', mode: 'UP' } }, 'out of range'],
  ])('is not changed by %j', (change, text) => {
    const change_ = () => changedAmount(usd, 'priceMinor', change as never);
    expect(change_).toThrow(AmountProblem);
    expect(change_).toThrow(text);
  });

  it('is rounded to the grid, to the nearest point of it or the one that was asked for', () => {
    const rule = fc.record({
      step: fc.bigInt({ min: 1n, max: 5000n }),
      ending: fc.bigInt({ min: 0n, max: 4999n }),
      mode: fc.constantFrom('NEAREST' as const, 'UP' as const, 'DOWN' as const),
    });
    const numbers = fc.tuple(
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.bigInt({ min: 1n, max: 10n ** 6n }),
    );
    fc.assert(
      fc.property(numbers, rule, ([numerator, denominator], { step, ending: any, mode }) => {
        const one: Rounding = { step, ending: any % step, mode };
        const result = rounded(numerator, denominator, one);
        expect((result - one.ending) % step).toBe(0n);
        expect(result).toBeGreaterThanOrEqual(0n);
        if (result === one.ending && numerator < one.ending * denominator) return;
        const off = result * denominator - numerator;
        const unit = step * denominator;
        if (mode === 'UP') expect(off >= 0n && off < unit).toBe(true);
        else if (mode === 'DOWN') expect(off <= 0n && off > -unit).toBe(true);
        else expect(off * 2n <= unit && off * 2n > -unit).toBe(true);
      }),
    );
  });
});

describe('places', () => {
  it('are those that were asked for, and the others keep their order', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const moves = fc.dictionary(fc.constantFrom(...ids), fc.integer({ min: 1, max: 6 }), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(moves, (wanted) => {
        const map = new Map(Object.entries(wanted));
        const order = reordered(ids, map);
        expect([...order].sort()).toEqual(ids);
        expect(order.filter((id) => !map.has(id))).toEqual(ids.filter((id) => !map.has(id)));
        const isEach = new Set(map.values()).size === map.size;
        if (isEach) for (const [id, place] of map) expect(order.indexOf(id)).toBe(place - 1);
      }),
    );
  });
});

describe('a sheet', () => {
  it.each([
    ['SKU\tPrice\nA\t1.50\n', [{ row: 2, given: { sku: 'A', price: '1.50' } }]],
    [
      '\uFEFFsku;Compare-at price\r\nA;2\r\n',
      [{ row: 2, given: { sku: 'A', compareAtPrice: '2' } }],
    ],
    [
      'Variant SKU,Active,Weight (g),Cost\n"A,1",yes,12,\n\nB,FALSE,,3',
      [
        { row: 2, given: { sku: 'A,1', isActive: true, weightGrams: 12 } },
        { row: 4, given: { sku: 'B', isActive: false, cost: '3' } },
      ],
    ],
    ['SKU\n', []],
  ])('%j is read', (text, rows) => {
    expect(sheetRows(text)).toEqual(rows);
  });

  it.each([
    ['', 'names the columns'],
    ['Price\n1', 'SKU among them'],
    ['SKU\tColour\n', 'No column is called "Colour"'],
    ['SKU,Price,price\n', 'Two columns'],
    ['SKU,Price\nA\n', 'Record Length'],
    ['SKU,Price\n"A,1\n', 'Quote'],
  ])('%j is refused', (text, message) => {
    const refusal = sheetRows(text);
    expect(isRefusal(refusal) && refusal.message).toContain(message);
  });

  it('says which cell is no number', () => {
    expect(sheetRows('SKU,Weight\n')).toMatchObject({ field: 'sheet' });
    expect(sheetRows('SKU,Weight (g)\nA,1.5')).toMatchObject([
      { row: 2, problem: { field: 'weightGrams', value: '1.5' } },
    ]);
  });
});

it('warns once of each kind, naming the first variants', () => {
  const draft = (sku: string, change: Partial<Draft> = {}) =>
    ({ sku, barcode: 'x', compareAtPriceMinor: null, priceMinor: 100, ...change }) as Draft;
  const drafts = [
    ...[draft('A'), draft('B'), draft('C'), draft('D', { barcode: null })],
    ...[draft('E', { priceMinor: 200 }), draft('F', { compareAtPriceMinor: 90 })],
  ];
  expect(matrixWarnings(drafts)).toEqual([
    {
      code: 'COMPARE_AT_NOT_ABOVE_PRICE',
      message: '1 of 6 variants have a former price that is not above the price: F',
    },
    { code: 'PRICE_HIGHER', message: '1 of 6 variants cost more than most of them: E' },
    { code: 'BARCODE_MISSING', message: '1 of 6 variants have no barcode: D' },
  ]);
});
