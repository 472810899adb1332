import fc from 'fast-check';
import { isRefusal } from '@onecount/refusal';
import { combinationsOf, type OptionDraft } from '../product/product.ts';
import { siblingsOf, type Whole } from '../product-split/product-split.ts';
import { mergeOf, placedIn, type Part } from './product-merge.ts';

const part = (title: string, options: OptionDraft[], more: Partial<Part> = {}): Part => ({
  ...{ title, options, value: null },
  variants: combinationsOf(options).map((optionValues, n) => ({
    ...{ id: `${title}-${n}`, sku: `${title}/${n}`, optionValues, isRemoved: false },
  })),
  ...more,
});
const sizes = (...values: string[]) => [{ name: 'Size', values }];
const byColor = { option: 'Color', optionPosition: null };
const red = part('Shirt - Red', sizes('S', 'M'));
const blue = part('Shirt - Blue', sizes('M', 'L'));

function merged(parts: Part[], how = byColor as Parameters<typeof mergeOf>[1]) {
  const answer = mergeOf(parts, how);
  if (isRefusal(answer)) throw new Error(answer.message);
  return answer;
}

describe('a merge', () => {
  it('adds the option with what each title ends with, and joins the values of the others', () => {
    const { options, variants, variantsTotal, valuesOfFirst } = merged([red, blue]);
    expect(options).toEqual([
      { name: 'Color', values: ['Red', 'Blue'] },
      { name: 'Size', values: ['S', 'M', 'L'] },
    ]);
    expect(variants.map(({ optionValues }) => optionValues.join('/'))).toEqual([
      ...['Red/S', 'Red/M', 'Blue/M', 'Blue/L'],
    ]);
    expect([variantsTotal, valuesOfFirst]).toEqual([4, ['Red']]);
    expect(placedIn('Shirt', { variants })[2]).toEqual({
      ...{ id: 'Shirt - Blue-0', optionValues: ['Blue', 'M'], title: 'Blue / M', position: 3 },
    });
  });

  it('takes the option of those that have it, in the first spelling, beside given values', () => {
    const dark = part('Dark', [
      { name: 'SIZE', values: ['s', 'M'] },
      { name: 'Colour', values: ['Navy', 'Black'] },
    ]);
    const other = part('Other', sizes('S'), { value: 'Red' });
    const { options, variants } = merged([dark, other], { option: 'colour', optionPosition: 1 });
    expect(options).toEqual([
      { name: 'SIZE', values: ['s', 'M'] },
      { name: 'Colour', values: ['Navy', 'Black', 'Red'] },
    ]);
    expect(variants.map(({ optionValues }) => optionValues.join('/'))).toEqual([
      ...['s/Navy', 's/Black', 's/Red', 'M/Navy', 'M/Black'],
    ]);
  });

  it('joins what has the same options, whatever their order, without a word of the option', () => {
    const how = { option: null, optionPosition: null };
    const one = part('One', [{ name: 'Color', values: ['Red'] }, ...sizes('S')]);
    const two = part('Two', [...sizes('S'), { name: 'Color', values: ['Blue'] }]);
    const { options, variants } = merged([one, two], how);
    expect(options[0]).toEqual({ name: 'Color', values: ['Red', 'Blue'] });
    expect(variants.map(({ optionValues }) => optionValues)).toEqual([
      ...[
        ['Red', 'S'],
        ['Blue', 'S'],
      ],
    ]);
  });

  const numbers = (prefix: string, total: number) =>
    Array.from({ length: total }, (_, n) => `${prefix}${n}`);
  const three = [...sizes('S'), { name: 'Cut', values: ['A'] }, { name: 'Fit', values: ['B'] }];
  it.each([
    [
      'other options',
      [red, part('X - Y', [{ name: 'Length', values: ['1'] }])],
      byColor,
      { field: 'products.0.productId' },
    ],
    [
      'a title without a value',
      [red, part('Shirt', sizes('S'))],
      byColor,
      { field: 'products.0.value' },
    ],
    [
      'a value beside the option',
      [part('A', [{ name: 'Color', values: ['Red'] }], { value: 'Red' }), part('B - Blue', [])],
      byColor,
      { field: 'value' },
    ],
    [
      'a value without an option',
      [{ ...red, value: 'Red' }, blue],
      { option: null, optionPosition: null },
      { field: 'value' },
    ],
    [
      'a blank option',
      [red, blue],
      { option: '', optionPosition: null },
      { code: 'INVALID_INPUT' },
    ],
    [
      'values that collide',
      [red, part('Hat - red', sizes('M'))],
      byColor,
      { code: 'VARIANTS_WOULD_COINCIDE', skus: ['Shirt - Red/1', 'Hat - red/0'] },
    ],
    [
      'a fourth option',
      [part('A - 1', three), part('A - 2', three)],
      byColor,
      { code: 'OPTION_LIMIT_EXCEEDED', requested: 4 },
    ],
    [
      'too many variants',
      [part('A - 1', sizes(...numbers('s', 2048))), part('A - 2', sizes('x'))],
      byColor,
      { code: 'VARIANT_LIMIT_EXCEEDED', requested: 2049 },
    ],
  ])('with %s is refused', (_, parts, how, refusal) => {
    expect(mergeOf(parts, how)).toMatchObject(refusal);
  });
});

const value = fc.stringMatching(/^[A-Za-z0-9é]{1,6}$/u);
const values = (minLength: number) =>
  fc.uniqueArray(value, { minLength, maxLength: 5, selector: (text) => text.toLowerCase() });
const wholes = fc
  .tuple(fc.nat(2), values(2), fc.array(values(1), { maxLength: 2 }), fc.nat(6))
  .map(([place, split, others, gap]) => {
    const options = others.map((own, at) => ({ name: `Other ${at}`, values: own }));
    options.splice(Math.min(place, options.length), 0, { name: 'Color', values: split });
    const variants = combinationsOf(options).map((optionValues, n) => ({
      ...{ id: `v${n}`, sku: `S${n}`, optionValues, isRemoved: n % 7 === gap },
    }));
    const whole: Whole = {
      title: 'Shirt',
      seoTitle: 'Shirts',
      seoDescription: 'Soft',
      options,
      variants,
    };
    return { whole, place: options.findIndex(({ name }) => name === 'Color') };
  });

describe('merge after split', () => {
  it('is the product as it was: its options, variants and SKUs, by values or by a limit', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        wholes,
        fc.option(fc.integer({ min: 1, max: 30 })),
        ({ whole, place }, variantsMax) => {
          const planned = siblingsOf(whole, { option: 'Color', variantsMax });
          if (isRefusal(planned)) return;
          const known = new Map(whole.variants.map((variant) => [variant.id, variant]));
          const parts = planned.siblings.map((sibling): Part => ({
            ...{ title: sibling.title, options: sibling.options, value: null },
            variants: sibling.variants.map(({ id, optionValues }) => ({
              ...known.get(id)!,
              optionValues,
            })),
          }));
          const found = parts.flatMap(({ variants }) => variants.map(({ id }) => id));
          expect(found.sort()).toEqual([...known.keys()].sort());
          const { options, variants, variantsTotal } = merged(parts, {
            ...{ option: 'Color', optionPosition: place + 1 },
          });
          const used = new Set(planned.siblings.flatMap((sibling) => sibling.values));
          const kept = whole.options.map((option, at) =>
            at === place
              ? { ...option, values: option.values.filter((one) => used.has(one)) }
              : option,
          );
          expect(options).toEqual(kept);
          const there = whole.variants.filter(({ isRemoved }) => !isRemoved);
          const back = variants.filter(({ isRemoved }) => !isRemoved);
          expect(back.map(({ id, optionValues }) => [id, optionValues])).toEqual(
            there.map(({ id, optionValues }) => [id, optionValues]),
          );
          expect(variantsTotal).toBe(there.length);
          compared += 1;
        },
      ),
    );
    expect(compared).toBeGreaterThan(20);
  });
});
