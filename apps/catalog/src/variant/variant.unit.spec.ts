import fc from 'fast-check';
import { gtinCheckDigit } from '@onecount/refusal';
import { barcodeProblem } from './barcode.ts';
import { internalBarcode } from './internal-barcode.ts';
import {
  abbreviate,
  defaultSkuPattern,
  skuFromPattern,
  skuPatternProblem,
  styleCode,
} from './sku-pattern.ts';
import { freed } from './sku-wish.ts';
import { skuProblem } from './variant.ts';

describe('barcodes', () => {
  it.each([
    ['EAN-13', '4006381333931'],
    ['UPC-A', '036000291452'],
    ['GTIN-8', '96385074'],
    ['GTIN-14', '10614141000415'],
  ])('accepts a valid %s', (_, barcode) => {
    expect(barcodeProblem(barcode)).toBeNull();
  });

  it.each([
    ['4006381333932', 'ends in the wrong check digit, not 1'],
    ['12345', 'has 5 digits; a GTIN has 8, 12, 13 or 14'],
    ['40063813339 1', 'has something other than digits'],
    ['', 'has something other than digits'],
  ])('says what is wrong with %s', (barcode, problem) => {
    expect(barcodeProblem(barcode)).toBe(problem);
  });

  it('makes its own in the restricted range, each once', () => {
    expect([1, 1234567890].map(internalBarcode)).toEqual(['2000000000015', '2012345678903']);
    expect(() => internalBarcode(10_000_000_000)).toThrow(RangeError);
    const number = fc.integer({ min: 1, max: 9_999_999_999 });
    fc.assert(fc.property(number, (one) => barcodeProblem(internalBarcode(one)) === null));
  });

  it('finds every single wrong digit', () => {
    const digits = fc.stringMatching(/^[0-9]{12}$/);
    fc.assert(
      fc.property(digits, fc.nat(12), fc.integer({ min: 1, max: 9 }), (head, at, by) => {
        const valid = `${head}${gtinCheckDigit(head)}`;
        const wrong = [...valid];
        wrong[at] = String((Number(wrong[at]) + by) % 10);
        expect(barcodeProblem(valid)).toBeNull();
        expect(barcodeProblem(wrong.join(''))).not.toBeNull();
      }),
    );
  });
});

describe('SKU patterns', () => {
  const source = {
    title: 'Galaxy V-Neck',
    vendor: 'Nexus',
    options: [{ name: 'Color' }, { name: 'Size' }],
    optionValues: ['Red', 'Extra Large'],
  };

  it.each([
    ['Red', 'RED'],
    ['grey', 'GRY'],
    ['Gray', 'GRY'],
    ['Cotton', 'COT'],
    ['Extra  Large', 'XL'],
    ['Medium', 'M'],
    ['Rose Gold', 'ROS'],
    ['6', '6'],
    ['6.5', '6.5'],
    ['6 1/2', '612'],
    ['45 cm', '45CM'],
    ['18 inch', '18IN'],
    ['白金', 'BAI'],
    ['Größe', 'GRO'],
    ['Émeraude', 'EME'],
    ['Ørsted', 'ORS'],
    ['красный', 'KRA'],
    ['💍', 'RIN'],
    ['', ''],
    ['--', ''],
  ])('abbreviates %j as %j', (value, short) => {
    expect(abbreviate(value)).toBe(short);
  });

  it.each([
    [defaultSkuPattern, 'NEXGALVNE-RED-XL'],
    ['NXJ1078-{color:3}-{size}', 'NXJ1078-RED-XL'],
    ['{BRAND}{STYLE}-{OPTION1}-{OPTION2}[-{OPTION3}]', 'NEXGALVNE-RED-XL'],
    ['{OPTION1:1}{OPTION2}', 'RXL'],
    ['anneau-é-{SIZE}', 'ANNEAU-E-XL'],
  ])('renders %s', (pattern, sku) => {
    expect(skuFromPattern(pattern, source)).toBe(sku);
  });

  it('drops what a product without vendor and options does not have', () => {
    const bare = { title: 'Brooch', vendor: null, options: [], optionValues: [] };
    expect(skuFromPattern(defaultSkuPattern, bare)).toBe('BRO');
    expect(skuFromPattern('{OPTION1}', bare)).toBe('ITEM');
    expect(styleCode('!!!')).toBe('ITEM');
  });

  it("takes the vendor's letters and the style number where there are some", () => {
    const known = { ...source, vendorCode: 'NXJ', styleNumber: '10-78' };
    expect(skuFromPattern('{BRAND}{STYLE}-{OPTION1}', known)).toBe('NXJ1078-RED');
  });

  it("takes the tenant's own abbreviation before the standard one", () => {
    const abbreviations = new Map([
      ['red', 'R1'],
      ['nexus', 'NXJ'],
    ]);
    expect(skuFromPattern(defaultSkuPattern, { ...source, abbreviations })).toBe('NXJGALVNE-R1-XL');
  });

  it.each([
    ['{BRAND}-{COLOUR}', '{COLOUR}', 9],
    ['NXJ-{color:0}', '{color:0}', 5],
    ['NXJ-{color:x}', '{color:x}', 5],
    ['NXJ-{color:3:1}', '{color:3:1}', 5],
    ['💍{x}', '{x}', 2],
    ['{}', '{}', 1],
    ['{BRAND', '{', 1],
    ['BRAND}', '}', 6],
    ['A[-{size}', '[', 2],
    ['A]', ']', 2],
    ['A[b[c]]', '[', 2],
    ['', '', 1],
    ['x'.repeat(201), 'x'.repeat(201), 1],
  ])('refuses %j and says where', (pattern, text, position) => {
    const problem = skuPatternProblem(pattern, source.options);
    expect(problem).toMatchObject({ text, position });
  });

  it('has nothing against what it can render', () => {
    const part = fc.constantFrom(
      ...['{BRAND}', '{STYLE}', '{OPTION1}', '{OPTION3:20}', '{color:2}', '[-{Size}]', 'NX', '-'],
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const pattern = parts.join('');
        expect(skuPatternProblem(pattern, source.options)).toBeNull();
        expect(skuFromPattern(pattern, source)).toMatch(/^[A-Z0-9.-]+$/);
      }),
    );
  });

  it('finds each SKU a free name, those chosen by hand first', () => {
    const sku = fc.constantFrom('A', 'a', 'A-2', 'B');
    const wish = fc.record({ sku, isGiven: fc.boolean() });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), fc.array(sku), (wishes, taken) => {
        const existing = new Set(taken.map((name) => name.toLowerCase()));
        const isGiven = (index: number) => wishes[index]!.isGiven;
        const found = freed(
          wishes.map((one) => one.sku),
          { existing, isGiven },
        );
        const names = found.map(({ free }) => free.toLowerCase());
        expect(new Set(names).size).toBe(names.length);
        expect(names.filter((name) => existing.has(name))).toEqual([]);
        for (const [index, { wished, free, collision }] of found.entries()) {
          expect(collision === null).toBe(free === wished);
          const isFirst =
            found.findIndex(
              (one, at) =>
                one.wished.toLowerCase() === wished.toLowerCase() && isGiven(at) === isGiven(index),
            ) === index;
          if (isFirst && isGiven(index) && !existing.has(wished.toLowerCase())) {
            expect(collision).toBeNull();
          }
        }
      }),
    );
  });

  it('always makes a usable SKU', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 3 }), (title, vendor, optionValues) => {
        const options = optionValues.map((_, index) => ({ name: `Option ${index}` }));
        const sku = skuFromPattern(defaultSkuPattern, { title, vendor, options, optionValues });
        expect(skuProblem(sku)).toBeNull();
      }),
    );
  });
});
