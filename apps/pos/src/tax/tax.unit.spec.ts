import {
  addedMinor,
  cashRounding,
  componentsOf,
  ratesOf,
  taxesOf,
  type SaleTaxTerms,
  type TaxRate,
} from './tax.ts';

const rate = (component: string, percent: string, more: Partial<TaxRate> = {}): TaxRate => ({
  ...{ isOfLocation: false, taxCode: null, component, rate: percent },
  ...more,
});
const terms = (given: Partial<SaleTaxTerms>): SaleTaxTerms => ({
  ...{ includesTax: true, rounding: 'LINE', cashSteps: {}, exemption: null, lines: {} },
  rules: [rate('VAT', '20')],
  ...given,
});
const linesOf = (...totals: number[]) =>
  totals.map((totalMinor, index) => ({ id: `l${index}`, totalMinor }));
const bought = (costMinor: number) => ({ taxCode: null, isTaxable: true, costMinor });
/** What each line has of each component. */
const taxes = (given: Partial<SaleTaxTerms>, ...totals: number[]) =>
  taxesOf(terms(given), linesOf(...totals)).map(({ component, baseMinor, taxMinor }) => [
    ...[component, baseMinor, taxMinor],
  ]);

describe('published examples', () => {
  // HMRC, VAT Notice 700, section 7.3: the VAT fraction of 20 % is 1/6, of 5 % 1/21.
  it.each([
    ['20', 12_000, 10_000, 2000],
    ['5', 10_500, 10_000, 500],
    // 17.5 %, fraction 7/47, as in editions of the notice before 2011.
    ['17.5', 4700, 4000, 700],
  ])('the VAT fraction at %s %%', (percent, total, net, tax) => {
    expect(taxes({ rules: [rate('VAT', percent)] }, total)).toEqual([['VAT', net, tax]]);
  });

  // HMRC, VAT Notice 718, sections 2 and 5: VAT of the margin is a sixth of it at 20 %; none where there is no profit.
  it.each([
    [
      'bought for 1,000, sold for 1,600: a margin of 600 has 100 in it',
      160_000,
      100_000,
      50_000,
      10_000,
    ],
    ['sold at a loss', 80_000, 100_000, 0, 0],
    ['sold for what it cost', 100_000, 100_000, 0, 0],
  ])('margin scheme, %s', (_, total, cost, net, tax) => {
    const answer = taxesOf(terms({ lines: { l0: bought(cost) } }), linesOf(total));
    expect(answer).toEqual([
      {
        ...{ lineId: 'l0', component: 'VAT', rate: '20', scheme: 'MARGIN' },
        ...{ baseMinor: net, taxMinor: tax, addedMinor: 0 },
      },
    ]);
  });

  // Streamlined Sales and Use Tax Agreement, section 324: to the third decimal, up when it is greater than four, on each
  // item or on the invoice, on the aggregated state and local taxes.
  it.each([
    [
      '0.7250 rounds up',
      1000,
      [
        ['County', 1000, 13],
        ['State', 1000, 60],
      ],
    ],
    [
      '0.0725 does not',
      100,
      [
        ['County', 100, 1],
        ['State', 100, 6],
      ],
    ],
    [
      '0.1450 up again',
      200,
      [
        ['County', 200, 3],
        ['State', 200, 12],
      ],
    ],
  ])('state 6 %% and county 1.25 %% together: %s', (_, total, expected) => {
    const rules = [rate('County', '1.25'), rate('State', '6')];
    expect(taxes({ includesTax: false, rules }, total)).toEqual(expected);
  });

  // European Court of Justice, C-484/06 (Koninklijke Ahold): by line or by invoice is for the member state to say; both are here.
  it('rounds by line or by document: three times 0.13 at 21 % are 0.06 or 0.07', () => {
    const rules = [rate('BTW', '21')];
    const sum = (rounding: 'LINE' | 'DOCUMENT') =>
      taxesOf(terms({ rules, rounding }), linesOf(13, 13, 13)).map(({ taxMinor }) => taxMinor);
    expect(sum('LINE')).toEqual([2, 2, 2]);
    expect(sum('DOCUMENT')).toEqual([2, 3, 2]);
  });

  it.each([
    // Swiss Federal Finance Administration: the smallest coin is 5 Rappen.
    ['Swiss', 5, { 1052: -2, 1053: 2, 1055: 0, 1057: -2, 1058: 2 }],
    // ACCC, rounding of cash transactions: 1 and 2 cents down, 3 and 4 cents up to 5; 6 and 7 down, 8 and 9 up.
    ['Australian', 5, { 101: -1, 102: -2, 103: 2, 104: 1, 106: -1, 107: -2, 108: 2, 109: 1 }],
    // Swedish Riksbank: öre below 50 down, from 50 up to the next krona.
    ['Swedish', 100, { 949: -49, 950: 50, 951: 49, 1000: 0 }],
  ])('%s cash', (_, step, examples) => {
    const rounded = Object.keys(examples).map((minor) => [
      ...[minor, cashRounding(Number(minor), step)],
    ]);
    expect(Object.fromEntries(rounded)).toEqual(examples);
  });
});

it('rounds half a minor unit up, in the price and on top of it', () => {
  // 10.50 at 5 % on top: 0.525. 0.63 at 5 % in it: 0.03 exactly.
  expect(taxes({ includesTax: false, rules: [rate('VAT', '5')] }, 1050)).toEqual([
    ['VAT', 1050, 53],
  ]);
  expect(taxes({ rules: [rate('VAT', '5')] }, 63)).toEqual([['VAT', 60, 3]]);
});

it.each([
  ['JPY', 110, 100, 10],
  ['BHD', 11_000, 10_000, 1000],
])('knows minor units alone: 10 %% in an amount of %s', (_, total, net, tax) => {
  expect(taxes({ rules: [rate('VAT', '10')] }, total)).toEqual([['VAT', net, tax]]);
});

it('has no tax where nothing is taxed, and says so of a rate of zero', () => {
  expect(taxes({ rules: [] }, 100)).toEqual([]);
  expect(
    taxes({ lines: { l0: { ...bought(0), costMinor: null, isTaxable: false } } }, 100),
  ).toEqual([]);
  expect(taxes({ rules: [rate('VAT', '0')] }, 100)).toEqual([['VAT', 100, 0]]);
});

it.each<[string, TaxRate[], string | null, string[]]>([
  [
    'without a code, the rates for everything',
    [rate('VAT', '20'), rate('VAT', '5', { taxCode: 'BOOK' })],
    null,
    ['20'],
  ],
  [
    'with a code, its own',
    [rate('VAT', '20'), rate('VAT', '5', { taxCode: 'BOOK' })],
    'book',
    ['5'],
  ],
  ['with a code that has none, those for everything', [rate('VAT', '20')], 'BOOK', ['20']],
  [
    'the location before all of them, by component',
    [rate('State', '6'), rate('County', '1'), rate('County', '2', { isOfLocation: true })],
    null,
    ['6', '2'],
  ],
])('finds the rates of a line %s', (_, rules, taxCode, expected) => {
  expect(ratesOf(rules, taxCode).map((found) => found.rate)).toEqual(expected);
});

it('gives each component its share over a document, and every line its whole tax', () => {
  const rules = [rate('County', '2'), rate('State', '6')];
  const given = terms({ includesTax: false, rounding: 'DOCUMENT', rules });
  const answer = taxesOf(given, linesOf(...Array.from({ length: 100 }, () => 10)));
  expect(componentsOf(answer).map(({ component, taxMinor }) => [component, taxMinor])).toEqual([
    ['County', 20],
    ['State', 60],
  ]);
  expect(addedMinor(answer)).toBe(80);
  expect(answer.every(({ taxMinor }) => taxMinor >= 0)).toBe(true);
});

it('takes the tax out of prices that have it for an exempt buyer, and adds none to others', () => {
  const exempt = (includesTax: boolean) =>
    taxesOf(terms({ includesTax, exemption: 'DE-77' }), linesOf(1200)).map(
      ({ scheme, baseMinor, taxMinor, addedMinor: added }) => [scheme, baseMinor, taxMinor, added],
    );
  expect(exempt(true)).toEqual([['EXEMPT', 1000, 0, -200]]);
  expect(exempt(false)).toEqual([['EXEMPT', 1200, 0, 0]]);
});

it('leaves what is no cash, and what is nothing, unrounded', () => {
  expect([cashRounding(1052, undefined), cashRounding(0, 5), cashRounding(-3, 5)]).toEqual([
    0, 0, 0,
  ]);
});
