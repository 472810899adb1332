import {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  isRefusal,
  isStorable,
  isUuid,
  notFound,
  refuse,
} from './index.ts';

describe('a refusal', () => {
  const refusal = refuse('InsufficientStock', 'INSUFFICIENT_STOCK', 'No ring left.', {
    sku: 'R-52',
  });

  test('carries its data and an invisible brand', () => {
    expect(JSON.parse(JSON.stringify(refusal))).toEqual({
      __typename: 'InsufficientStock',
      code: 'INSUFFICIENT_STOCK',
      message: 'No ring left.',
      sku: 'R-52',
    });
    expect([refusal, { ...refusal }, null, 'no'].map(isRefusal)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test.each([
    [undefined, null],
    [null, null],
    [0, '0'],
    ['', ''],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), `${'x'.repeat(80)}…`],
  ])('of an input repeats %j as %j', (value, repeated) => {
    expect(invalidInput('quantity', 'No.', value)).toEqual({
      __typename: 'InvalidInput',
      code: 'INVALID_INPUT',
      message: 'No.',
      field: 'quantity',
      value: repeated,
    });
  });

  test.each([
    ['Location', 'HQ', 'There is no location HQ.'],
    ['StockReceiptLine', '7', 'There is no stock receipt line 7.'],
    ['StockItem', 'y'.repeat(90), `There is no stock item ${'y'.repeat(80)}…`.concat('.')],
  ])('of an unknown %s says its words and its whole id', (kind, id, message) => {
    expect(notFound(kind, id)).toEqual({
      __typename: 'NotFound',
      code: 'NOT_FOUND',
      message,
      kind,
      id,
    });
  });
});

describe('a text', () => {
  test.each([
    ['plain', true],
    ['', true],
    ['Émail 💎', true],
    ['a\0b', false],
    ['\ud800', false],
  ])('%j can be stored: %s', (text, expected) => {
    expect(isStorable(text)).toBe(expected);
  });

  test.each([
    [undefined, true],
    [null, true],
    ['a', true],
    ['abc', true],
    ['', false],
    ['abcd', false],
    ['a\0', false],
  ])('%j passes as one of 1–3 characters: %s', (text, passes) => {
    const problem = checkText('name', text, { min: 1, max: 3 });
    if (passes) expect(problem).toBeUndefined();
    else
      expect(problem).toMatchObject({ field: 'name', message: 'name must have 1–3 characters.' });
  });

  test('is a key with 1 to 255 characters', () => {
    expect(['', 'k', 'k'.repeat(255), 'k'.repeat(256)].map((key) => checkKey(key)?.field)).toEqual([
      'idempotencyKey',
      undefined,
      undefined,
      'idempotencyKey',
    ]);
  });
});

test.each([
  [1, true],
  [3, true],
  [0, false],
  [4, false],
  [1.5, false],
  [NaN, false],
])('%d passes as a whole number from 1 to 3: %s', (value, passes) => {
  expect(checkWhole('quantity', value, { min: 1, max: 3 }) === undefined).toBe(passes);
});

test.each([
  ['01900000-0000-7000-8000-00000000000a', true],
  ['01900000-0000-7000-8000-00000000000A', true],
  ['01900000-0000-7000-8000-00000000000a\n', false],
  ['no id', false],
  ['', false],
])('%j is an id: %s', (value, expected) => {
  expect(isUuid(value)).toBe(expected);
  expect(checkId('saleId', value) === undefined).toBe(expected);
});

test('an id that is left out passes', () => {
  expect([checkId('saleId', undefined), checkId('saleId', null)]).toEqual([undefined, undefined]);
});

test('the first of several refusals is the answer', () => {
  const [first, second] = [notFound('Sale', '1'), invalidInput('sku', 'No.')];
  expect(firstOf(undefined, first, second)).toBe(first);
  expect(firstOf(undefined, undefined)).toBeUndefined();
});
