import { asHandedOver, dispositionOf, unitsBack } from './sale-return.ts';

const unit = (unitId: string, isChosenLater = false) => ({ unitId, isChosenLater });

test.each<[string, ReturnType<typeof unit>[], string[], number, string[]]>([
  ['the named one of two', [unit('A'), unit('B')], ['B'], 1, ['B']],
  ['what was swapped in for the named one', [unit('B'), unit('C', true)], ['A'], 1, ['C']],
  ['the only one that the sale has, whatever its name', [unit('B')], ['A'], 1, ['B']],
  ['all of a line of which nobody named any', [unit('A'), unit('B')], [], 2, ['A', 'B']],
  ['as many as there are; the rest had no unit', [unit('A')], ['A'], 3, ['A']],
  ['none where none was known', [], [], 2, []],
])('%s comes back', (_name, sold, named, quantity, back) => {
  expect(unitsBack(sold, { named, quantity })).toEqual(back);
});

test('a disposition that is not known keeps the goods aside', () => {
  expect(['DAMAGED', 'OUTLET', undefined].map(dispositionOf)).toEqual([
    'DAMAGED',
    'INSPECTION',
    'INSPECTION',
  ]);
});

test.each<[string, Record<string, number>, [string, string | null][], [string, number][]]>([
  ['what was sold', { S54: 3 }, [], [['S54', 3]]],
  ['what was handed over instead', { S54: 0, S56: 3 }, [['S56', null]], [['S56', 3]]],
  [
    'some of each',
    { S54: 1, S56: 2 },
    [['S56', 'line']],
    [
      ['S54', 1],
      ['S56', 2],
    ],
  ],
  ['nothing that another line had instead', { S54: 1, S56: 2 }, [['S56', 'other']], [['S54', 3]]],
  [
    'more than there was stays with its line',
    { S54: 1, S56: 1 },
    [['S56', null]],
    [
      ['S54', 2],
      ['S56', 1],
    ],
  ],
])('of a corrected sale comes back: %s', (_name, left, instead, expected) => {
  const lines = [{ lineId: 'line', stockItemId: 'S54', quantity: 3 }];
  const back = asHandedOver(lines, {
    left: new Map(Object.entries(left)),
    instead: instead.map(([stockItemId, lineId]) => ({ stockItemId, lineId })),
  });
  expect(back.map(({ stockItemId, quantity }) => [stockItemId, quantity])).toEqual(expected);
});
