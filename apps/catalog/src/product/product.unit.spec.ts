import { isRefusal } from '@onecount/refusal';
import fc from 'fast-check';
import { variantDefaults, type VariantDraft } from '../variant/variant.ts';
import { planProduct } from './product.plan.ts';
import {
  combinationsOf,
  combinationsTotal,
  firstFree,
  slugOf,
  variantFullTitle,
  variantTitle,
  type ProductDraft,
} from './product.ts';

const price = { currencyCode: 'USD', priceMinor: 1900 };

function variant(change: Partial<VariantDraft> = {}): VariantDraft {
  return { ...variantDefaults, ...price, optionValues: [], ...change };
}

function draft(change: Partial<ProductDraft> = {}): ProductDraft {
  return {
    title: 'Galaxy V-Neck',
    tags: [],
    statusDefault: 'DRAFT',
    options: [],
    media: [],
    defaults: { ...variantDefaults, ...price },
    ...change,
  };
}

const size = { name: 'Size', values: ['S', 'M'] };

describe('names', () => {
  it('derives titles from option values', () => {
    expect(variantTitle('Galaxy V-Neck', ['Red', 'S'])).toBe('Red / S');
    expect(variantFullTitle('Galaxy V-Neck', ['Red', 'S'])).toBe('Galaxy V-Neck - Red / S');
    expect(variantTitle('Brooch', [])).toBe('Brooch');
    expect(variantFullTitle('Brooch', [])).toBe('Brooch');
  });

  it.each([
    ['Grandmother’s Brooch, 1890', 'grandmothers-brooch-1890'],
    ['  Ring -- Größe 7  ', 'ring-größe-7'],
    ['指輪', '指輪'],
    ['!!!', ''],
  ])('makes the slug of %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });

  it('numbers what is taken', () => {
    const taken = new Set(['ring', 'ring-2']);
    expect(firstFree('ring', (name) => taken.has(name))).toBe('ring-3');
    expect(firstFree('brooch', (name) => taken.has(name))).toBe('brooch');
  });
});

describe('combinations', () => {
  it('vary the last option fastest', () => {
    const options = [
      { name: 'Color', values: ['Red', 'Blue'] },
      { name: 'Size', values: ['S', 'M'] },
    ];
    expect(combinationsOf(options)).toEqual([
      ['Red', 'S'],
      ['Red', 'M'],
      ['Blue', 'S'],
      ['Blue', 'M'],
    ]);
  });

  it('of no option are one', () => {
    expect(combinationsOf([])).toEqual([[]]);
  });

  it('are as many as counted, all different', () => {
    const values = fc.uniqueArray(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 5 });
    const option = fc.record({ name: fc.string(), values });
    fc.assert(
      fc.property(fc.array(option, { maxLength: 3 }), (options) => {
        const all = combinationsOf(options);
        expect(all).toHaveLength(combinationsTotal(options));
        expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(all.length);
      }),
    );
  });
});

describe('a plan', () => {
  it('generates the variants that are left out', () => {
    const plan = planProduct(draft({ options: [size] }));
    expect(plan).toMatchObject({
      handle: 'galaxy-v-neck',
      isHandleGenerated: true,
      variants: [
        { position: 1, title: 'S', fullTitle: 'Galaxy V-Neck - S', sku: null, priceMinor: 1900 },
        { position: 2, title: 'M', fullTitle: 'Galaxy V-Neck - M', sku: null, priceMinor: 1900 },
      ],
      warnings: [],
    });
  });

  it('takes the option’s own spelling of a value', () => {
    const variants = [variant({ optionValues: [' s '] })];
    expect(planProduct(draft({ options: [size], variants }))).toMatchObject({
      variants: [{ optionValues: ['S'], title: 'S' }],
    });
  });

  it('warns above 100 variants and refuses above 2,048 before making one', () => {
    const numbered = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
    const options = (...counts: number[]) =>
      counts.map((count, index) => ({ name: `Option ${index}`, values: numbered(count) }));
    expect(planProduct(draft({ options: options(10, 10) }))).toMatchObject({ warnings: [] });
    expect(planProduct(draft({ options: options(101) }))).toMatchObject({
      warnings: [{ code: 'MANY_VARIANTS' }],
    });
    expect(planProduct(draft({ options: options(64, 32) }))).toHaveProperty(
      'variants.length',
      2048,
    );
    expect(planProduct(draft({ options: options(5000, 5000, 5000) }))).toMatchObject({
      __typename: 'VariantLimitExceeded',
      requested: 2_147_483_647,
      limit: 2048,
    });
  });

  it('warns of variants without a price', () => {
    const variants = [{ ...variantDefaults, optionValues: [] }];
    expect(planProduct(draft({ variants }))).toMatchObject({
      warnings: [{ code: 'PRICE_MISSING' }],
    });
  });

  const options = [size];
  const hq = { locationCode: 'HQ', quantity: 1, serials: [] };
  it.each<[string, Partial<ProductDraft>, object]>([
    ['a blank title', { title: '  ' }, { field: 'title' }],
    ['a long title', { title: 'x'.repeat(256) }, { field: 'title' }],
    [
      'four options',
      { options: ['A', 'B', 'C', 'D'].map((name) => ({ name, values: ['1'] })) },
      { __typename: 'OptionLimitExceeded', requested: 4, limit: 3 },
    ],
    [
      'an option twice',
      { options: [size, { ...size, name: 'SIZE' }] },
      { field: 'options.1.name' },
    ],
    [
      'an option without values',
      { options: [{ name: 'Size', values: [] }] },
      { field: 'options.0.values' },
    ],
    ['a value twice', { options: [{ name: 'Size', values: ['S', 's'] }] }, { value: 's' }],
    ['no variant', { variants: [] }, { field: 'variants' }],
    [
      'a value that the option does not have',
      { options, variants: [variant({ optionValues: ['XL'] })] },
      { field: 'variants.0.optionValues' },
    ],
    [
      'a combination twice',
      { options, variants: [variant({ optionValues: ['S'] }), variant({ optionValues: ['s'] })] },
      { field: 'variants.1.optionValues' },
    ],
    [
      'a SKU twice',
      {
        options,
        variants: [
          variant({ sku: 'A', optionValues: ['S'] }),
          variant({ sku: 'A', optionValues: ['M'] }),
        ],
      },
      { field: 'variants.1.sku', value: 'A' },
    ],
    [
      'a wrong check digit',
      { variants: [variant({ barcode: '4006381333932' })] },
      { field: 'variants.0.barcode' },
    ],
    [
      'a negative price',
      { variants: [variant({ priceMinor: -1 })] },
      { field: 'variants.0.price' },
    ],
    [
      'a negative opening quantity',
      { variants: [variant({ openingStock: [{ ...hq, quantity: -1 }] })] },
      { field: 'variants.0.openingStock.0' },
    ],
    [
      'stock of an untracked variant',
      { variants: [variant({ tracking: 'NONE', openingStock: [hq] })] },
      { field: 'variants.0.openingStock.0' },
    ],
    [
      'fewer serials than units',
      { variants: [variant({ tracking: 'SERIAL', openingStock: [hq] })] },
      { field: 'variants.0.openingStock.0' },
    ],
    [
      'a location twice',
      { variants: [variant({ openingStock: [hq, hq] })] },
      { message: 'Location HQ is named twice.' },
    ],
  ])('refuses %s', (_, change, refusal) => {
    const plan = planProduct(draft(change));
    expect(isRefusal(plan)).toBe(true);
    expect(plan).toMatchObject(refusal);
  });
});
