import { getIntrospectionQuery, parse } from 'graphql';
import { documentSize } from './document-size.ts';

const size = (text: string) =>
  documentSize(parse(text), { fieldsMax: 1_000, aliasesMax: 0, overlapsMax: 0 });

it.each([
  ['{ a b { c } }', { fields: 3, aliases: 0, overlaps: 0 }],
  ['{ x: a y: b { z: c } ... { d } }', { fields: 4, aliases: 3, overlaps: 0 }],
  // Once where it is spread, once where it stands: validation visits both.
  ['{ ...F } fragment F on T { a x: b }', { fields: 4, aliases: 2, overlaps: 0 }],
  ['{ a a a }', { fields: 3, aliases: 0, overlaps: 3 }],
  ['{ x: a x: b y: a }', { fields: 3, aliases: 3, overlaps: 1 }],
  ['{ a { b } a { b } ...F } fragment F on T { a { b } }', { fields: 8, aliases: 0, overlaps: 6 }],
  ['{ ...F } fragment F on T { a ...F }', { fields: 2, aliases: 0, overlaps: 1 }],
  ['{ ...Missing }', { fields: 0, aliases: 0, overlaps: 0 }],
  ['type T { a: Int }', { fields: 0, aliases: 0, overlaps: 0 }],
])('%s', (text, expected) => expect(size(text)).toEqual(expected));

it('counts 2^200 fields in the time of their text', () => {
  const fragments = Array.from(
    { length: 200 },
    (_, i) => `fragment F${i} on T { ${i < 199 ? `...F${i + 1} ...F${i + 1}` : 'a'} }`,
  );
  expect(size(`{ ...F0 } ${fragments.join(' ')}`).fields).toBeGreaterThan(2 ** 199);
});

it('takes the explorer for what it is', () => {
  const introspection = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true });
  expect(size(introspection).fields).toBeLessThan(500);
});
