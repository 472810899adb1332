import {
  checkIdentifier,
  codeKey,
  foldedIdentifier,
  gtin14,
  identifierOf,
  isIdentifier,
  seenOf,
} from './index.ts';

describe('a text that identifies a thing', () => {
  test.each([
    ['X', 'X'],
    [' X', 'X'],
    ['X \t\r\n\u00a0\u3000', 'X'],
    ['Zoe\u0308', 'Zoë'],
  ])('%j is kept as %j', (given, kept) => {
    expect([isIdentifier(given), identifierOf(given)]).toEqual([true, kept]);
  });

  test.each([
    ['nothing', ''],
    ['white space alone', '   '],
    ['an inner blank', 'a b'],
    ['an inner line break', 'a\nb'],
    ['an inner tab', 'a\tb'],
    ['an inner no-break space', 'a\u00a0b'],
    ['a line separator', 'a\u2028b'],
    ['NUL', 'a\0b'],
    ['DEL', 'a\u007f'],
    ['a zero-width space', 'a\u200bb'],
    ['a zero-width joiner at the end', 'a\u200d'],
    ['a byte-order mark', '\ufeffa'],
    ['a soft hyphen', 'a\u00adb'],
    ['a right-to-left override', '\u202eab'],
    ['an isolate', 'a\u2066b'],
    ['a variation selector', 'a\ufe0f'],
    ['a combining grapheme joiner', 'a\u034f'],
    ['a Hangul filler', '\u3164'],
    ['a tag character', 'a\u{e0041}'],
    ['an empty braille cell', 'a\u2800'],
    ['half a surrogate pair', 'a\ud800'],
    ['256 characters', 'x'.repeat(256)],
  ])('is refused with %s', (_, text) => {
    expect(checkIdentifier('serial', text)).toMatchObject({
      __typename: 'InvalidInput',
      field: 'serial',
      message: 'serial must have 1–255 characters, and none that is blank or cannot be seen.',
    });
  });

  test('passes when it is left out, and up to its own length', () => {
    expect([undefined, null, 'abc'].map((text) => checkIdentifier('code', text))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(checkIdentifier('code', 'abc', { max: 2 })?.message).toContain('1–2 characters');
  });

  test('is made of a text by leaving out what cannot be seen', () => {
    expect(seenOf('A\u3164 \u200bB\n\ud800')).toBe('AB');
  });

  test('is compared without case and composition', () => {
    expect(['abc-1', ' ABC-1', 'Abc-1\n'].map(foldedIdentifier)).toEqual([
      'abc-1',
      'abc-1',
      'abc-1',
    ]);
    expect(foldedIdentifier('E\u0301')).toBe('é');
  });
});

describe('a GTIN', () => {
  test.each([
    ['UPC-A', '036000291452', '00036000291452'],
    ['EAN-13', '0036000291452', '00036000291452'],
    ['GTIN-14', '00036000291452', '00036000291452'],
    ['GTIN-14 of a case', '10036000291459', '10036000291459'],
    ['GTIN-8', '96385074', '00000096385074'],
    ['GTIN-8 in 13 digits', '0000096385074', '00000096385074'],
    // Each way of leaving zeros out: by 0–2, 3, 4 and 5–9 as the last of the six.
    ['UPC-E …0', '01234505', '00012000003455'],
    ['UPC-E …1', '04252614', '00042100005264'],
    ['UPC-E …3', '01234531', '00012300000451'],
    ['UPC-E …4', '01234543', '00012340000053'],
    ['UPC-E …5', '01234558', '00012345000058'],
    ['ISBN-13', '9780306406157', '09780306406157'],
    ['ISBN-13 with hyphens', '978-0-306-40615-7', '09780306406157'],
    ['ISBN-10', '0306406152', '09780306406157'],
    ['ISBN-10 with hyphens', '0-306-40615-2', '09780306406157'],
    ['ISBN-10 that ends in X', '0-8044-2957-X', '09780804429573'],
    ['ISBN-10 that ends in x', '080442957x', '09780804429573'],
  ])('as %s, %s, is one number', (_, code, number) => {
    expect([gtin14(code), codeKey(` ${code}`)]).toEqual([number, number]);
  });

  test.each([
    ['with a wrong check digit', '036000291453'],
    ['with a wrong check digit as ISBN-10', '0306406153'],
    ['with hyphens in eight digits', '9638-5074'],
    ['with other digits', '０３６０００２９１４５２'],
    ['that is a text', 'ABC-1'],
    ['of eleven digits', '03600029145'],
  ])('%s is none: %s', (_, code) => {
    expect([gtin14(code), codeKey(code)]).toEqual([null, foldedIdentifier(code)]);
  });
});
