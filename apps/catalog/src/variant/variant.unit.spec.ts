import fc from 'fast-check';
import { gtinCheckDigit } from '@onecount/refusal';
import { barcodeProblem } from './barcode.ts';
import { abbreviate, defaultSkuPattern, skuFromPattern, styleCode } from './sku-pattern.ts';
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
    ['白金', '白金'],
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
    ['ring-{material}-{size}', 'RING-XL'],
  ])('renders %s', (pattern, sku) => {
    expect(skuFromPattern(pattern, source)).toBe(sku);
  });

  it('drops what a product without vendor and options does not have', () => {
    const bare = { title: 'Brooch', vendor: null, options: [], optionValues: [] };
    expect(skuFromPattern(defaultSkuPattern, bare)).toBe('BRO');
    expect(skuFromPattern('{OPTION1}', bare)).toBe('ITEM');
    expect(styleCode('!!!')).toBe('ITEM');
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
