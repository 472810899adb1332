import { dispositionOf, unitsBack } from './sale-return.ts';

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
