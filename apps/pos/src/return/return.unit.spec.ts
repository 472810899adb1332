import { isRefusal } from '@onecount/refusal';
import type { Sale, SaleLine } from '../sale/sale.ts';
import { decideLines, dueOf } from './return.ts';

const ids = ['a', 'b', 'c'].map((letter) => `01900000-0000-7000-8000-00000000000${letter}`);
const [one, two, three] = ids as [string, string, string];
const lineId = '01900000-0000-7000-8000-0000000000f1';
const unit = (serialUnitId: string) => ({ serialUnitId, serial: null });

/** A line of three pieces for 3.34 each, of which some are known one by one. */
const saleOf = (part: Partial<SaleLine>): Sale =>
  ({
    ...{ taxTerms: null, taxes: [] },
    lines: [
      {
        ...{
          id: lineId,
          sku: 'WATCH',
          tracking: 'SERIAL',
          quantity: 3,
          unitPriceMinor: 334,
          totalMinor: 1002,
        },
        ...{ serialUnitId: null, serial: null, units: ids.map(unit) },
        ...part,
      },
    ],
  }) as unknown as Sale;
const back = (quantity: number, ...unitIds: string[]) => new Map([[lineId, { quantity, unitIds }]]);
const none = back(0);

test.each<[string, Partial<SaleLine>, typeof none, object, [number, string[], number, boolean]]>([
  ['all that is left', {}, none, {}, [3, ids, 1002, true]],
  ['the named one', {}, none, { serialUnitIds: [two] }, [1, [two], 334, false]],
  ['in any case', {}, none, { serialUnitIds: [two.toUpperCase()] }, [1, [two], 334, false]],
  ['the rest of them', {}, back(1, two), {}, [2, [one, three], 668, true]],
  ['one without a name', { units: [unit(one)] }, none, { quantity: 1 }, [1, [], 334, false]],
  [
    'one with and one without',
    { units: [unit(one)] },
    none,
    { quantity: 2, serialUnitIds: [one] },
    [2, [one], 668, false],
  ],
  [
    'what is not a piece',
    { tracking: 'QUANTITY', units: [] },
    none,
    { quantity: 2 },
    [2, [], 668, false],
  ],
])('comes back: %s', (_name, part, before, input, expected) => {
  const decided = decideLines(saleOf(part), before, [{ lineId, ...input }]);
  if (isRefusal(decided)) throw new Error(decided.message);
  const [line] = decided.lines;
  const units = line!.units.map(({ serialUnitId }) => serialUnitId);
  expect([line!.quantity, units, line!.totalMinor, decided.isWhole]).toEqual(expected);
});

test.each<[string, Partial<SaleLine>, typeof none, object, object]>([
  [
    'some of several without saying which',
    {},
    none,
    { quantity: 2 },
    { field: 'lines.0.serialUnitIds' },
  ],
  ['a piece twice', {}, none, { serialUnitIds: [one, one] }, { code: 'RETURN_EXCEEDS_SOLD' }],
  [
    'a piece that came back',
    {},
    back(1, one),
    { serialUnitIds: [one] },
    { code: 'RETURN_EXCEEDS_SOLD' },
  ],
  [
    'fewer names than come',
    {},
    none,
    { quantity: 2, serialUnitIds: [one] },
    { field: 'lines.0.serialUnitIds' },
  ],
  [
    'more names than come',
    {},
    none,
    { quantity: 1, serialUnitIds: [one, two] },
    { field: 'lines.0.serialUnitIds' },
  ],
  ['what is no id', {}, none, { serialUnitIds: ['W-1'] }, { value: 'W-1' }],
  ['of nothing left', {}, back(3, ...ids), {}, { returnedQuantity: 3, requestedQuantity: 3 }],
])('refused: %s', (_name, part, before, input, refusal) => {
  expect(decideLines(saleOf(part), before, [{ lineId, ...input }])).toMatchObject(refusal);
});

test('the last return gives back all that is left, another never more than that', () => {
  const lines = [{ lineId, quantity: 1, totalMinor: 334, disposition: null, units: [], taxes: [] }];
  expect(dueOf({ lines, isWhole: false }, 1000)).toBe(334);
  expect(dueOf({ lines, isWhole: false }, 333)).toBe(333);
  expect(dueOf({ lines, isWhole: true }, 332)).toBe(332);
});
