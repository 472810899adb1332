import fc from 'fast-check';
import {
  addOption,
  addValues,
  coinciding,
  removeOption,
  removeValue,
  renameOption,
  renameValue,
  reorderOptions,
  reorderValues,
} from './option.ts';

const options = [
  { name: 'Color', values: ['Red', 'Blue'] },
  { name: 'Size', values: ['S', 'M'] },
];
const invalid = (field: string) => ({ __typename: 'InvalidInput', field });
type Plan = { options: unknown; valuesOf: (values: readonly string[]) => string[] };

test.each<[string, unknown, unknown, string[]]>([
  [
    'a new option is the last one, and variants get the value that is said',
    addOption(options, { name: ' Fit ', values: ['Slim', 'Wide'], valueOfVariants: 'wide' }),
    [...options, { name: 'Fit', values: ['Slim', 'Wide'] }],
    ['Red', 'S', 'Wide'],
  ],
  [
    'another name changes no variant',
    renameOption(options, { option: 'color', name: 'Colour' }),
    [{ name: 'Colour', values: ['Red', 'Blue'] }, options[1]],
    ['Red', 'S'],
  ],
  ['an option goes with its values', removeOption(options, 'Color'), [options[1]], ['S']],
  [
    'another order moves the values',
    reorderOptions(options, ['size', 'Color']),
    [options[1], options[0]],
    ['S', 'Red'],
  ],
  [
    'values join behind',
    addValues(options, { option: 'Size', values: ['L'] }),
    [options[0], { name: 'Size', values: ['S', 'M', 'L'] }],
    ['Red', 'S'],
  ],
  [
    'a value is called otherwise in its variants, also in another case',
    renameValue(options, { option: 'Color', value: 'red', name: 'RED' }),
    [{ name: 'Color', values: ['RED', 'Blue'] }, options[1]],
    ['RED', 'S'],
  ],
  [
    'values in another order change no variant',
    reorderValues(options, { option: 'Size', values: ['M', 'S'] }),
    [options[0], { name: 'Size', values: ['M', 'S'] }],
    ['Red', 'S'],
  ],
])('%s', (_, plan, expected, values) => {
  expect((plan as Plan).options).toEqual(expected);
  expect((plan as Plan).valuesOf(['Red', 'S'])).toEqual(values);
});

test.each([
  ['option', renameOption(options, { option: 'Fit', name: 'x' })],
  ['options.0.name', renameOption(options, { option: 'Color', name: ' ' })],
  ['options.1.name', renameOption(options, { option: 'Color', name: 'size' })],
  ['options.1.values', addValues(options, { option: 'Size', values: ['s'] })],
  ['options.1.values', renameValue(options, { option: 'Size', value: 'S', name: 'm' })],
  ['options.2.values', addOption(options, { name: 'Fit', values: [] })],
  ['valueOfVariants', addOption(options, { name: 'Fit', values: ['A'], valueOfVariants: 'B' })],
  ['values', reorderValues(options, { option: 'Size', values: ['M'] })],
  ['options', reorderOptions(options, ['Color', 'color'])],
  ['value', removeValue(options, { option: 'Size', value: 'XL' })],
  ['value', removeValue([{ name: 'Size', values: ['S'] }], { option: 'Size', value: 'S' })],
])('%s is refused when it names what is not there, or twice', (field, refusal) => {
  expect(refusal).toMatchObject(invalid(field));
});

test('a fourth option is refused with the offer to split', () => {
  const three = [...options, { name: 'Fit', values: ['Slim'] }];
  expect(addOption(three, { name: 'Fabric', values: ['Wool'] })).toMatchObject({
    ...{ __typename: 'OptionLimitExceeded', requested: 4, limit: 3 },
    message: expect.stringContaining('Split it into sibling products'),
  });
});

test('variants that differ in the option alone coincide without it', () => {
  const variants = [
    { sku: 'RED-S', optionValues: ['Red', 'S'] },
    { sku: 'BLUE-S', optionValues: ['Blue', 'S'] },
    { sku: 'RED-M', optionValues: ['Red', 'M'] },
  ];
  const plan = removeOption(options, 'Color') as Plan;
  expect(coinciding(variants, plan)).toEqual(['RED-S', 'BLUE-S']);
});

test('an order and its opposite leave everything as it was', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (order) => {
      const all = [...options, { name: 'Fit', values: ['Slim'] }];
      const there = reorderOptions(
        all,
        order.map((index) => all[index]!.name),
      ) as Plan & { options: typeof all };
      const back = reorderOptions(
        there.options,
        all.map(({ name }) => name),
      ) as Plan;
      expect(back.options).toEqual(all);
      expect(back.valuesOf(there.valuesOf(['Red', 'S', 'Slim']))).toEqual(['Red', 'S', 'Slim']);
    }),
  );
});
