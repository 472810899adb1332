import { invalidInput, notFound, refuse, visible } from './index.ts';

test.each([
  ['X\u200b', String.raw`X\u200b`], // zero-width space
  ['a\nb\tc\0', String.raw`a\u000ab\u0009c\u0000`],
  ['\u202egnp.exe\u202c', String.raw`\u202egnp.exe\u202c`], // turned around
  ['\u2066x\u2069\u200e\u200f\u061c', String.raw`\u2066x\u2069\u200e\u200f\u061c`],
  ['a\u00a0b\u3000c', String.raw`a\u00a0b\u3000c`],
  ['\ufeffA\u00ad\u3164\u2800', String.raw`\ufeffA\u00ad\u3164\u2800`],
  ['\u{e0041}\u{1d173}', String.raw`\u{e0041}\u{1d173}`],
  ['half \ud800', String.raw`half \ud800`],
  ['\u2028\u2029\u0085', String.raw`\u2028\u2029\u0085`],
])('%j is shown as %s', (text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(visible(shown)).toBe(shown);
});

test.each([
  'Ring, size 52',
  'Brillantring „Zoë“ – 750 €',
  '指輪',
  'e\u0301',
  '💍',
  String.raw`C:\u`,
])('%s stays as it is', (text) => expect(visible(text)).toBe(text));

test('a refusal says in its message what cannot be seen, and carries the value as it was given', () => {
  const sku = 'X\u200b';
  expect(
    refuse('SkuTaken', 'SKU_TAKEN', `SKU ${sku} belongs to another variant.`, { sku }),
  ).toEqual({
    __typename: 'SkuTaken',
    code: 'SKU_TAKEN',
    message: String.raw`SKU X\u200b belongs to another variant.`,
    sku,
  });
  expect(invalidInput('sku', `"${sku}" cannot be seen.`, sku)).toMatchObject({
    message: String.raw`"X\u200b" cannot be seen.`,
    value: sku,
  });
  expect(notFound('SerialUnit', '\u202e1')).toMatchObject({
    message: String.raw`There is no serial unit \u202e1.`,
    id: '\u202e1',
  });
});
