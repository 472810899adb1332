import {
  attributeKind,
  attributesProblem,
  changedFacts,
  checkFacts,
  factsOf,
  websiteReasons,
} from './unit-facts.ts';
import { factsOf as statedFacts } from './unit-history.ts';

describe('facts of a unit', () => {
  it.each([
    ['metal', 'METAL'],
    [' Weight ', 'WEIGHT'],
    ['period', 'OTHER'],
  ])('of the key %j are about %s', (key, kind) => {
    expect(attributeKind(key)).toBe(kind);
  });

  it.each([
    ['weight', '4.25 g', true],
    ['weight', '0.52ct', true],
    ['Weight', '4', false],
    ['weight', '4,25 g', false],
    ['weight', 'heavy', false],
    ['purity', '750', true],
    ['purity', '18 ct', true],
    ['purity', '1001', false],
    ['size', 'M½', true],
    ['weight of the box', 'heavy', true],
    ['', 'gold', false],
    ['metal', '\0', false],
    ['metal', 'x'.repeat(2_001), false],
  ])('%j: %j may be: %j', (key, value, isFit) => {
    expect(attributesProblem([{ key, value }]) === undefined).toBe(isFit);
  });

  it.each([
    [
      'attributes',
      {
        attributes: [
          { key: 'metal', value: 'a' },
          { key: 'Metal', value: 'b' },
        ],
      },
    ],
    [
      'attributes',
      { attributes: Array.from({ length: 51 }, (_, n) => ({ key: `k${n}`, value: '' })) },
    ],
    ['photos', { photos: [''] }],
    ['photos', { photos: ['https://img.example/1.jpg', 'javascript:alert(1)'] }],
    ['certificate', { certificate: { number: 'C', reportUrl: 'java\tscript:alert(1)' } }],
    ['photos', { photos: Array.from({ length: 51 }, () => 'https://img.example/1.jpg') }],
    ['certificate', { certificate: { number: '' } }],
    ['certificate', { certificate: { number: 'C', lab: '\0' } }],
    ['condition', { condition: '' }],
    ['condition', { condition: 'x'.repeat(256) }],
    ['cost', { cost: { amount: '-1', currencyCode: 'EUR' } }],
    ['cost', { cost: { amount: '1.234', currencyCode: 'EUR' } }],
    ['cost', { cost: { amount: '1.00', currencyCode: 'XYZ' } }],
  ])('are refused by the name of the field: %s', (field, facts) => {
    expect(checkFacts(facts)).toMatchObject({ code: 'INVALID_INPUT', field });
  });

  it('that are left out stay, that are null go, that are the same are no change', () => {
    expect(factsOf({})).toEqual({});
    expect(factsOf({ condition: null, cost: null, photos: null, isListed: null })).toEqual({
      condition: null,
      costMinor: null,
      costCurrency: null,
      photos: [],
    });
    const certificate = { reportUrl: 'u', number: 'C' };
    const unit = { condition: 'new', certificate, costMinor: 100, costCurrency: 'EUR' };
    const same = factsOf({
      condition: 'new',
      certificate: { number: 'C', reportUrl: 'u', lab: null },
      cost: { amount: '1', currencyCode: 'EUR' },
    });
    expect(changedFacts(unit, same)).toEqual({});
    expect(changedFacts(unit, factsOf({ cost: { amount: '2', currencyCode: 'EUR' } }))).toEqual({
      costMinor: 200,
    });
  });

  it('read as a person reads them', () => {
    const attributes = [{ key: 'metal', value: 'gold' }];
    expect(
      statedFacts({ condition: null, attributes, costMinor: 250, costCurrency: 'EUR' }),
    ).toEqual([
      { key: 'condition', value: '' },
      { key: 'attributes', value: 'metal gold' },
      { key: 'cost', value: '2.50 EUR' },
    ]);
  });

  it('decide whether a piece may stand on the website, with every reason against it', () => {
    const fit = { isListed: true, status: 'HELD' as const, photos: ['p'] };
    expect(websiteReasons(fit, { isItemOnSale: true })).toEqual([]);
    const unfit = { isListed: false, status: 'SOLD' as const, photos: [] };
    expect(websiteReasons(unfit, { isItemOnSale: false })).toEqual([
      'NOT_LISTED',
      'NOT_ON_SALE',
      'NOT_IN_STOCK',
      'NO_PHOTO',
    ]);
  });
});
