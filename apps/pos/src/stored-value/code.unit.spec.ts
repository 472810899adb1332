import { codeHashOf, codeOf, groupedCode, lastFourOf, newCode, newCreditNumber } from './code.ts';

const alphabet = '3479ACDEFGHJKMNPQRTVWXY';

it('makes codes of signs that nobody mistakes, all different, each of which is read again', () => {
  const codes = Array.from({ length: 500 }, newCode);
  expect(new Set(codes).size).toBe(500);
  for (const code of codes) {
    expect(code).toMatch(/^[3479ACDEFGHJKMNPQRTVWXY]{20}$/);
    expect(codeOf(code)).toBe(code);
    expect(codeOf(` ${groupedCode(code).toLowerCase()} `)).toBe(code);
  }
});

it('finds every wrong sign and every two neighbours that are swapped', () => {
  const code = newCode();
  for (const [place, right] of [...code].entries()) {
    for (const sign of alphabet)
      if (sign !== right)
        expect(codeOf(code.slice(0, place) + sign + code.slice(place + 1))).toBeNull();
    const next = code[place + 1];
    if (next !== undefined && next !== right)
      expect(codeOf(code.slice(0, place) + next + right + code.slice(place + 2))).toBeNull();
  }
});

it.each(['', 'HELLO', '4111111111111111', '33333333333333333334', 'O'.repeat(20)])(
  'takes %p for no code',
  (text) => expect(codeOf(text)).toBeNull(),
);

it('shows a code in groups, keeps its last four, and a hash of 32 bytes', () => {
  const code = '33333333333333333333';
  expect(codeOf(code)).toBe(code);
  expect(groupedCode(code)).toBe('3333-3333-3333-3333-3333');
  expect(lastFourOf('ACDEACDEACDEACDE3479')).toBe('3479');
  expect(codeHashOf(code)).toHaveLength(32);
  expect(newCreditNumber()).toMatch(/^SC-[3479ACDEFGHJKMNPQRTVWXY]{10}$/);
});
