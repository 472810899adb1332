import { isRefusal } from '@onecount/refusal';
import fc from 'fast-check';
import { runsOf } from './label-bidi.ts';
import { contentOf } from './label-facts.ts';
import { runWidth } from './label-font.ts';
import { alikeIn, planLabels } from './label-plan.ts';
import { labelFields, type LabelContent, type LabelField, type LabelSpec } from './label.ts';

const spec: LabelSpec = {
  ...{ name: 'Roll', fields: ['NAME', 'SKU'], symbology: 'NONE', printer: 'ZPL_203' },
  ...{ widthMm: 40, heightMm: 15, tailMm: 0, tailAt: 'MIDDLE', sheet: null, link: null },
  locale: 'en',
};
const content = (id: string, texts: Partial<LabelContent['texts']>, code = id): LabelContent => {
  const all = Object.fromEntries(labelFields.map((field) => [field, '']));
  return { id, what: id, code, texts: { ...(all as LabelContent['texts']), ...texts } };
};
function plan(given: Partial<LabelSpec>, ...contents: LabelContent[]) {
  return planLabels({ ...spec, ...given }, contents);
}
async function rows(
  given: Partial<LabelSpec>,
  texts: Partial<LabelContent['texts']>,
): Promise<string[]> {
  const planned = await plan(given, content('A', texts));
  if (isRefusal(planned)) throw new Error(planned.message);
  return planned[0]!.rows;
}

describe('a label', () => {
  it('keeps every word and bar within it, and every whole text whole, whatever is to be printed', async () => {
    const word = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'aeWi.éŁß€-4'), minLength: 1, maxLength: 40 }),
      fc.constantFrom('טבעת', '(18', 'ct)', 'خاتم', '٣', 'Größe', '💍', '1\u00a0234,50\u00a0€'),
    );
    const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
    const size = {
      widthMm: fc.integer({ min: 15, max: 80 }),
      heightMm: fc.integer({ min: 8, max: 40 }),
    };
    const codes = fc.constantFrom<LabelSpec['symbology']>('NONE', 'CODE128', 'QR');
    await fc.assert(
      fc.asyncProperty(
        fc.record({ ...size, symbology: codes, NAME: text, SKU: text }),
        async (given) => {
          const { NAME, SKU, ...frame } = given;
          const planned = await plan(
            { ...frame, fields: ['NAME', 'SKU'] },
            content('A1', { NAME, SKU }),
          );
          if (isRefusal(planned)) {
            expect(['SKU', null]).toContain(planned.labelField);
            return;
          }
          const { drawing, rows: printed } = planned[0]!;
          for (const { run, x, top, size: em } of drawing.words) {
            expect(x).toBeGreaterThanOrEqual(0.9);
            expect(x + runWidth(run) * em).toBeLessThanOrEqual(frame.widthMm - 0.9);
            expect(top + em * 1.2).toBeLessThanOrEqual(frame.heightMm - 1);
          }
          for (const { x, y, width, height } of drawing.bars) {
            expect(Math.min(x, y)).toBeGreaterThanOrEqual(1);
            expect(x + width).toBeLessThanOrEqual(frame.widthMm - 1);
            expect(y + height).toBeLessThanOrEqual(frame.heightMm - 1);
          }
          const bare = (one: string) => one.replaceAll(/[ 💍]/gu, '');
          expect(bare(printed.join(''))).toContain(bare(SKU));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('wraps at words first, then shrinks, and is cut with … where that is not enough', async () => {
    expect(await rows({}, { NAME: 'Ring', SKU: 'R-1' })).toEqual(['Ring', 'R-1']);
    expect(await rows({}, { NAME: 'Ring with a very large emerald', SKU: 'R-1' })).toEqual([
      'Ring with a very large',
      'emerald',
      'R-1',
    ]);
    const [first, ...more] = await rows(
      { heightMm: 7 },
      { NAME: 'Emerald ring '.repeat(40), SKU: 'R-1' },
    );
    expect(first).toMatch(/^Emerald ring .*…$/);
    expect(more).toEqual(['R-1']);
  });

  it.each<
    [string, Partial<LabelSpec>, Partial<LabelContent['texts']>, string, LabelField | null, string]
  >([
    [
      'a SKU that would be cut',
      { heightMm: 7 },
      { NAME: 'x', SKU: 'R-'.repeat(60) },
      'A',
      'SKU',
      'is too long for the label',
    ],
    [
      'letters that the font has not',
      {},
      { NAME: '戒指 ring' },
      'A',
      'NAME',
      'has letters that cannot be printed: 戒指',
    ],
    ['no code', { symbology: 'EAN' }, {}, '', null, 'is missing, and the label has it as EAN'],
    [
      'a wrong check digit',
      { symbology: 'EAN' },
      {},
      '4006381333932',
      null,
      'cannot be printed as EAN',
    ],
    ['a letter in an EAN', { symbology: 'EAN' }, {}, 'RING-54', null, 'cannot be printed as EAN'],
    ['an EAN as UPC', { symbology: 'UPC' }, {}, '4006381333931', null, 'cannot be printed as UPC'],
    [
      'an umlaut in Code 128',
      { symbology: 'CODE128' },
      {},
      'RÖNG',
      null,
      'cannot be printed as CODE128',
    ],
    [
      'a code too long',
      { symbology: 'CODE128' },
      {},
      'A-LONG-SKU-OF-THIRTY-LETTERS-1',
      null,
      'needs 48.2 mm as CODE128, and the label has 37.6 mm for it',
    ],
    [
      'a QR code too dense',
      { symbology: 'QR' },
      {},
      'x'.repeat(300),
      null,
      'needs 19.3 mm as QR, and the label has 12.6 mm for it',
    ],
  ])('is refused for %s', async (_, given, texts, code, field, reason) => {
    const refusal = await plan(given, content('A', texts, code));
    expect(refusal).toMatchObject({ __typename: 'LabelUnprintable', item: 'A', labelField: field });
    expect((refusal as { message: string }).message).toContain(reason);
  });

  it('leaves out pictures that its font has not', async () => {
    expect(await rows({}, { NAME: '💍 Ring ☎', SKU: 'R\u0301-1' })).toEqual(['Ring ☎', 'Ŕ-1']);
  });
});

describe('a batch', () => {
  const alike = async (fields: LabelField[], ...contents: LabelContent[]) => {
    const given = { ...spec, fields };
    const planned = await planLabels(given, contents);
    return isRefusal(planned) ? planned : alikeIn(given, planned);
  };
  const small = content('SHIRT-S', {
    NAME: 'Shirt',
    OPTIONS: 'S',
    SKU: 'SHIRT-S',
    PRICE: '$20.00',
  });
  const medium = content('SHIRT-M', { ...small.texts, OPTIONS: 'M', SKU: 'SHIRT-M' });

  it('is refused where two would say the same, with the fields that tell them apart', async () => {
    expect(await alike(['NAME', 'PRICE'], small, medium)).toEqual({
      ...{ __typename: 'LabelsAlike', code: 'LABELS_ALIKE', first: 'SHIRT-S', second: 'SHIRT-M' },
      message: 'SHIRT-S and SHIRT-M would print the same label. Add OPTIONS or SKU.',
      fieldsToAdd: ['OPTIONS', 'SKU'],
    });
    expect(await alike(['NAME', 'OPTIONS'], small, medium)).toBeUndefined();
  });

  it('takes the same variant twice, and compares codes where there are no texts', async () => {
    expect(await alike(['NAME'], small, small)).toBeUndefined();
    expect(await alike([], small, medium)).toBeUndefined();
    expect(await alike([], small, { ...medium, code: small.code })).toMatchObject({
      code: 'LABELS_ALIKE',
    });
  });

  it('compares what is printed: names that differ where they are cut are alike', async () => {
    const long = (id: string, end: string) =>
      content(id, { NAME: `${'Emerald ring '.repeat(60)}${end}` });
    expect(await alike(['NAME'], long('A', 'one'), long('B', 'two'))).toMatchObject({
      fieldsToAdd: [],
    });
  });
});

describe('the words of a variant', () => {
  const variant = {
    ...{
      id: 'v1',
      sku: 'R-54',
      barcode: null,
      productTitle: 'Ring',
      optionValues: ['Rouge', '54'],
    },
    ...{ priceMinor: 123450, compareAtPriceMinor: null, listPriceMinor: null, currencyCode: 'EUR' },
  };
  const unit = {
    ...{ id: 'u1', sku: 'R-54', serial: 'S-9', stockNumber: 'N-2301' },
    ...{ certificateLab: 'GIA', certificateNumber: '2201' },
    attributes: [
      { kind: 'STONES', value: '0.50 ct VS1' },
      { kind: 'METAL', value: 'yellow gold' },
      { kind: 'PURITY', value: '750' },
      { kind: 'OTHER', value: 'estate' },
    ],
  };
  type Given = { variant?: object; spec?: object; unit?: typeof unit };
  const contentOfGiven = (given: Given) =>
    contentOf(
      { symbology: 'CODE128', link: null, locale: 'en', ...given.spec },
      { variant: { ...variant, ...given.variant }, handle: 'ring', unit: given.unit },
    );

  it.each([
    [123450, 'EUR', 'de', '1.234,50\u00a0€'],
    [123450, 'USD', 'en', '$1,234.50'],
    [123450, 'JPY', 'en', '¥123,450'],
    [123450, 'BHD', 'en', 'BHD\u00a0123.450'],
    // Usage has no decimals for it, and Intl none either.
    [123450, 'IQD', 'en', 'IQD\u00a0123.450'],
    [999999999999999, 'EUR', 'en', '€9,999,999,999,999.99'],
    [5, 'CHF', 'de-CH', 'CHF\u00a00.05'],
  ])('have %i minor units of %s in %s as %s', (priceMinor, currencyCode, locale, price) => {
    const { texts } = contentOfGiven({ variant: { priceMinor, currencyCode }, spec: { locale } });
    expect(texts.PRICE).toBe(price);
  });

  it('have the price of the list in force, and no price where there is none', () => {
    expect(contentOfGiven({ variant: { listPriceMinor: 99900 } }).texts.PRICE).toBe('€999.00');
    expect(contentOfGiven({ variant: { priceMinor: null } }).texts.PRICE).toBe('');
  });

  it('have the facts and the certificate of the unit', () => {
    const { texts, what, code } = contentOfGiven({ unit });
    expect({ ...texts, what, code }).toMatchObject({
      ...{ FULL_TITLE: 'Ring - Rouge / 54', STOCK_NUMBER: 'N-2301', METAL: 'yellow gold 750' },
      ...{ STONES: '0.50 ct VS1', CERTIFICATE: 'GIA 2201', what: 'N-2301', code: 'N-2301' },
    });
  });

  it.each([
    ['EAN', '036000291452', '0036000291452'],
    ['EAN', '96385074', '96385074'],
    ['UPC', '0036000291452', '036000291452'],
    ['UPC', '00036000291452', '036000291452'],
    ['CODE128', '036000291452', '036000291452'],
    ['CODE128', 'OWN-7', 'OWN-7'],
    ['CODE128', null, 'R-54'],
    ['EAN', 'OWN-7', ''],
    ['NONE', '036000291452', ''],
  ])('have as %s of barcode %s the code "%s"', (symbology, barcode, code) => {
    expect(contentOfGiven({ spec: { symbology }, variant: { barcode } }).code).toBe(code);
  });

  it('lead to the link of the template, or nowhere where a part of it has no value', () => {
    const link = 'https://shop.example/p/{handle}?sku={sku}';
    const units = { symbology: 'QR', link: 'https://passports.example/u/{unitId}' };
    const variantWithSlash = { sku: 'R/54&' };
    expect(
      contentOfGiven({ spec: { symbology: 'QR', link }, variant: variantWithSlash }).code,
    ).toBe('https://shop.example/p/ring?sku=R%2F54%26');
    expect(contentOfGiven({ spec: units, unit }).code).toBe('https://passports.example/u/u1');
    expect(contentOfGiven({ spec: units }).code).toBe('');
  });
});

it.each([
  ['Ring 54', ['Ring 54']],
  ['טבעת 18 ct', ['ct', ' ', '18', 'טבעת ']],
  ['(טבעת)', [')טבעת(']],
])('the runs of "%s" are %j from left to right', (text, runs) => {
  expect(runsOf(text).map((run) => run.text)).toEqual(runs);
});
