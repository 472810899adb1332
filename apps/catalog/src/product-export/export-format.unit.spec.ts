import { csvLine, protectedCell, restoredText } from '@onecount/service';
import fc from 'fast-check';
import { planFile } from '../../test/csv.ts';
import type { JsonProduct } from '../product-import/jsonl-rows.ts';
import { formats, type ExportFormat } from './export-format.ts';

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((text) =>
    text
      .normalize('NFC')
      .replace(/\uFFFD/gu, '')
      .trim(),
  )
  .filter((text) => text !== '' && !/[\u0000\uFFFD]/u.test(text));
const risky = fc.constantFrom('=1+1', '+49', '-5', '@cmd', "'=x", "'quoted'", 'a "b", c', 'x\ny');
const text = fc.oneof(word, risky);
const code = fc.stringMatching(/^['A-Z0-9=-]{1,8}$/u);
const price = fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2));
const address = fc.webUrl();

const product = fc
  .record({
    title: text,
    descriptionHtml: fc.constantFrom('', ' <p>a, "b"</p>\n', '=x', "'+y", '<p>ö</p>'),
    vendor: fc.option(text),
    category: fc.option(text),
    productType: fc.option(text),
    tags: fc.uniqueArray(word, { maxLength: 3 }),
    status: fc.constantFrom('ACTIVE', 'DRAFT', 'ARCHIVED'),
    isUnlisted: fc.boolean(),
    seoTitle: fc.option(text),
    styleNumber: fc.option(text),
    metadata: fc.uniqueArray(
      fc.record({
        key: fc.stringMatching(/^[a-z.]{1,8}$/u),
        type: fc.constant('TEXT'),
        value: text,
      }),
      { maxLength: 3, selector: ({ key }) => key },
    ),
    media: fc.uniqueArray(fc.record({ url: address, alt: fc.option(text) }), {
      maxLength: 4,
      selector: ({ url }) => url,
    }),
    option: fc.option(text),
    variants: fc.uniqueArray(
      fc.record({
        sku: code,
        value: text,
        price: fc.option(price),
        cost: fc.option(price),
        tracking: fc.constantFrom('NONE', 'QUANTITY', 'SERIAL'),
        isActive: fc.boolean(),
        isTaxable: fc.boolean(),
        requiresShipping: fc.boolean(),
        taxCode: fc.option(code),
        weightUnit: fc.constantFrom('GRAM', 'KILOGRAM', 'OUNCE', 'POUND'),
        weightGrams: fc.option(fc.integer({ min: 0, max: 9_999 })),
      }),
      { minLength: 1, maxLength: 4, selector: ({ sku, value }) => sku + value.toLowerCase() },
    ),
  })
  .map(({ option, variants, ...basics }): JsonProduct => {
    const chosen = option === null ? variants.slice(0, 1) : onceEach(variants);
    return {
      ...{ ...basics, handle: 'piece', seoDescription: null, productGroup: null },
      variants: chosen.map(({ value, ...variant }) => ({
        ...variant,
        ...{ barcode: null, stockCode: null, compareAtPrice: null, imageUrl: null },
        currency: variant.price === null && variant.cost === null ? null : 'EUR',
        options: option === null ? [] : [{ name: option, value }],
      })),
    };
  });

function onceEach<V extends { sku: string; value: string }>(variants: readonly V[]): V[] {
  const seen = new Set<string>();
  return variants.filter(({ sku, value }) => {
    const keys = [`sku ${sku.toLowerCase()}`, `value ${value.toLowerCase()}`];
    const isNew = keys.every((key) => !seen.has(key));
    for (const key of keys) seen.add(key);
    return isNew;
  });
}

/** The product as the plan of an import says it. */
async function readBack(format: ExportFormat, written: JsonProduct): Promise<unknown> {
  const { header, write } = formats[format];
  const [group, ...others] = await planFile(header + write(written, new Map()));
  expect(others).toEqual([]);
  if (group?.planned.errors !== undefined) throw new Error(JSON.stringify(group.planned.errors));
  const { plan, warnings } = group!.planned;
  expect(warnings.filter(({ code: of }) => of !== 'HTML_REMOVED')).toEqual([]);
  const amount = (minor: number | undefined) =>
    minor === undefined ? null : (minor / 100).toFixed(2);
  return {
    ...{ title: plan.title, descriptionHtml: plan.descriptionHtml, vendor: plan.vendor },
    ...{ category: plan.category, productType: plan.productType, tags: plan.tags },
    ...{ status: plan.status, isUnlisted: plan.isUnlisted, metadata: plan.facts.metadata ?? [] },
    seoTitle: plan.facts.seoTitle ?? null,
    styleNumber: plan.facts.styleNumber ?? null,
    media: plan.media.map(({ url, alt }) => ({ url, alt: alt ?? null })),
    variants: plan.variants.map((variant) => ({
      ...{ sku: variant.sku, options: variant.optionValues, tracking: variant.tracking },
      ...{ price: amount(variant.priceMinor), cost: amount(variant.costMinor) },
      ...{ isActive: variant.isActive, isTaxable: variant.isTaxable },
      requiresShipping: variant.requiresShipping,
      weightGrams: variant.weightGrams ?? null,
      ...{ weightUnit: variant.weightUnit, taxCode: variant.taxCode ?? null },
    })),
  };
}

const expected = (written: JsonProduct) => ({
  ...{ title: written.title, descriptionHtml: written.descriptionHtml, vendor: written.vendor },
  ...{ category: written.category, productType: written.productType, tags: written.tags },
  ...{ status: written.status, isUnlisted: written.isUnlisted, metadata: written.metadata },
  ...{ seoTitle: written.seoTitle, styleNumber: written.styleNumber, media: written.media },
  variants: written.variants.map((variant) => ({
    sku: variant.sku,
    options: (variant.options ?? []).map(({ value }) => value),
    ...{ tracking: variant.tracking, price: variant.price, cost: variant.cost },
    ...{ isActive: variant.isActive, isTaxable: variant.isTaxable },
    ...{ requiresShipping: variant.requiresShipping, weightGrams: variant.weightGrams },
    ...{ weightUnit: variant.weightUnit, taxCode: variant.taxCode },
  })),
});

describe('what an export writes, an import reads', () => {
  it.each(['ONECOUNT_CSV', 'ONECOUNT_JSONL'] as const)(
    'in %s, whatever stands in it',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(product, async (written) => {
          expect(await readBack(format, written)).toEqual(expected(written));
        }),
        { numRuns: 150 },
      );
    },
  );

  it.each(['SHOPIFY_PRODUCTS', 'WOOCOMMERCE_PRODUCTS'] as const)(
    'in %s, as far as the format goes',
    async (format) => {
      const written: JsonProduct = {
        ...{ handle: 'gold-ring', title: 'Gold ring', descriptionHtml: '<p>18 ct</p>' },
        ...{ vendor: 'Nexus', category: 'Rings', tags: ['gold', 'new'], status: 'ACTIVE' },
        ...{ isUnlisted: true, media: [{ url: 'https://x.test/1.jpg', alt: null }] },
        variants: ['6', '7'].map((size) => ({
          ...{ sku: `R-${size}`, options: [{ name: 'Size', value: size }], currency: 'USD' },
          ...{ price: '80.00', compareAtPrice: '100.00', tracking: 'QUANTITY', weightGrams: 4 },
          ...{ barcode: null, isTaxable: true },
        })),
      };
      const { header, write } = formats[format];
      const counts = new Map([['R-6', [{ sku: 'R-6', locationCode: 'HQ', onHand: 3 }]]]);
      const [group] = await planFile(header + write(written, counts));
      expect(group).toMatchObject({
        handle: 'gold-ring',
        planned: {
          warnings: [],
          plan: {
            ...{ title: 'Gold ring', vendor: 'Nexus', category: 'Rings', tags: ['gold', 'new'] },
            ...{ status: 'ACTIVE', isUnlisted: true, media: [{ url: 'https://x.test/1.jpg' }] },
            options: [{ name: 'Size', values: ['6', '7'] }],
            variants: [
              {
                ...{ sku: 'R-6', priceMinor: 8000, compareAtPriceMinor: 10000, weightGrams: 4 },
                openingStock: [{ quantity: 3 }],
              },
              { sku: 'R-7', tracking: 'QUANTITY', openingStock: [] },
            ],
          },
        },
      });
    },
  );

  it('protects every cell that a spreadsheet would run, and gives the text back', () => {
    fc.assert(
      fc.property(fc.oneof(risky, fc.string()), (given) => {
        const cell = protectedCell(given);
        expect(cell).not.toMatch(/^[=+\-@\t\r]/u);
        expect(restoredText(cell)).toBe(given);
      }),
    );
    expect(csvLine(['a,b', ' c', 'd"'])).toBe('"a,b"," c","d"""\n');
  });
});
