import { isRefusal } from '@onecount/refusal';
import { combinationsOf, type OptionDraft } from '../product/product.ts';
import { textsOfPart, textsOfWhole, valueInTitle } from './page-texts.ts';
import { siblingsOf, type SplitPlanned, type Whole } from './product-split.ts';

const wholeOf = (options: OptionDraft[]): Whole => ({
  ...{ title: 'Shirt', seoTitle: 'Shirts', seoDescription: null, options },
  variants: combinationsOf(options).map((optionValues, n) => ({
    ...{ id: `v${n}`, sku: `S${n}`, optionValues, isRemoved: false },
  })),
});
const shirt = wholeOf([
  { name: 'Color', values: ['Red', 'Blue', 'Navy'] },
  { name: 'Size', values: ['S', 'M'] },
]);

function split(whole: Whole, how: Parameters<typeof siblingsOf>[1]): SplitPlanned['siblings'] {
  const planned = siblingsOf(whole, how);
  if (isRefusal(planned)) throw new Error(planned.message);
  return planned.siblings;
}
const valuesOf = (whole: Whole, how: Parameters<typeof siblingsOf>[1]) =>
  split(whole, how).map(({ values }) => values);

describe('a split', () => {
  it('makes a product of each value, without the option', () => {
    const [red, blue, navy] = split(shirt, { option: 'color' });
    expect(red).toEqual({
      ...{ values: ['Red'], title: 'Shirt - Red', handle: null, variantsTotal: 2 },
      ...{ seoTitle: 'Shirts - Red', seoDescription: null },
      options: [{ name: 'Size', values: ['S', 'M'] }],
      variants: [
        { id: 'v0', optionValues: ['S'], title: 'S', position: 1 },
        { id: 'v1', optionValues: ['M'], title: 'M', position: 2 },
      ],
    });
    expect([blue!.title, navy!.variants.map(({ id }) => id)]).toEqual([
      ...['Shirt - Blue', ['v4', 'v5']],
    ]);
  });

  it('keeps the option where a sibling has several of its values', () => {
    const groups = [{ values: ['navy', 'BLUE'], title: 'Dark' }, { values: ['Red'] }];
    const [dark, red] = split(shirt, { option: 'Color', groups });
    expect([dark!.title, dark!.values, dark!.options[0]]).toEqual([
      ...['Dark', ['Blue', 'Navy'], { name: 'Color', values: ['Blue', 'Navy'] }],
    ]);
    expect(red!.options).toEqual([{ name: 'Size', values: ['S', 'M'] }]);
  });

  it('leaves out values that no variant has, and takes removed variants along where their value goes', () => {
    const removed = shirt.variants.map((one, n) => ({ ...one, isRemoved: n >= 3 }));
    const [red, blue] = split({ ...shirt, variants: removed }, { option: 'Color' });
    expect(red!.variants.map(({ id }) => id)).toEqual(['v0', 'v1', 'v4', 'v5']);
    expect(blue!.variants.map(({ id }) => id)).toEqual(['v2', 'v3']);
    expect([red!.variantsTotal, blue!.variantsTotal]).toEqual([2, 1]);
  });

  it('because of a limit follows the plan: the option that makes the fewest siblings', () => {
    expect(valuesOf(shirt, { variantsMax: 4 })).toEqual([['Red'], ['Blue', 'Navy']]);
    expect(valuesOf(shirt, { variantsMax: 3 })).toEqual([['S'], ['M']]);
    expect(valuesOf(shirt, { option: 'Color', variantsMax: 3 })).toHaveLength(3);
  });

  const tooMany = wholeOf([{ name: 'No', values: Array.from({ length: 101 }, (_, n) => `${n}`) }]);
  it.each([
    ['an unknown option', shirt, { option: 'Metal' }, 'option'],
    ['no option and no limit', shirt, {}, 'option'],
    ['one group', shirt, { option: 'Size', groups: [{ values: ['S', 'M'] }] }, 'groups'],
    ['a value in no group', shirt, { option: 'Color', groups: [{ values: ['Red'] }] }, 'groups'],
    [
      'a value in two groups',
      shirt,
      { option: 'Size', groups: [{ values: ['S'] }, { values: ['s', 'M'] }] },
      'groups.1.values',
    ],
    [
      'an unknown value',
      shirt,
      { option: 'Size', groups: [{ values: ['S', 'XL'] }, { values: ['M'] }] },
      'groups.0.values',
    ],
    [
      'a group of nothing',
      shirt,
      { option: 'Size', groups: [{ values: [] }, { values: ['S', 'M'] }] },
      'groups.0.values',
    ],
    [
      'a blank title',
      shirt,
      { option: 'Size', groups: [{ values: ['S'], title: ' ' }, { values: ['M'] }] },
      'groups.0.title',
    ],
    ['a long title', { ...shirt, title: 'x'.repeat(251) }, { option: 'Size' }, undefined],
    [
      'a title too long',
      { ...shirt, title: 'x'.repeat(253) },
      { option: 'Color' },
      'groups.0.title',
    ],
    ['a limit that one value exceeds', shirt, { option: 'Color', variantsMax: 1 }, 'variantsMax'],
    ['a limit that nothing exceeds', shirt, { option: 'Color', variantsMax: 6 }, 'variantsMax'],
    ['a limit of none', shirt, { variantsMax: 0 }, 'variantsMax'],
    ['a limit that no option keeps', shirt, { variantsMax: 1 }, 'variantsMax'],
    ['both ways', shirt, { option: 'Size', variantsMax: 3, groups: [] }, 'variantsMax'],
    ['too many siblings', tooMany, { option: 'No' }, 'groups'],
  ])('with %s is refused where it should be', (_, whole, how, field) => {
    const answer = siblingsOf(whole, how);
    expect(isRefusal(answer) ? answer.field : undefined).toBe(field);
  });
});

describe('the texts of a part', () => {
  const whole = { title: 'Shirt', seoTitle: 'Buy shirts', seoDescription: 'Soft.' };

  it('end with its values, and are given back without them', () => {
    const part = textsOfPart(whole, ['Red', 'Blue']);
    expect(part).toEqual({
      ...{ title: 'Shirt - Red, Blue', seoTitle: 'Buy shirts - Red, Blue' },
      seoDescription: 'Soft. (Red, Blue)',
    });
    expect(textsOfWhole(part, ['Red', 'Blue'])).toEqual(whole);
  });

  it('keep the ending within what search engines’ texts may have, whole characters only', () => {
    const { seoTitle, seoDescription } = textsOfPart(
      { title: '', seoTitle: '💍'.repeat(255), seoDescription: 'x'.repeat(1000) },
      ['Red'],
    );
    expect([...seoTitle!]).toHaveLength(255);
    expect(seoTitle).toMatch(/^(💍)+ - Red$/u);
    expect([seoDescription!.length, seoDescription!.endsWith('x (Red)')]).toEqual([1000, true]);
  });

  it.each([
    ['Shirt - Red', 'Red'],
    ['V-Neck - Long - Blue', 'Blue'],
    ['Shirt', null],
    ['Shirt - ', null],
  ])('of %s name the value %s', (title, value) => {
    expect(valueInTitle(title)).toBe(value);
  });
});
