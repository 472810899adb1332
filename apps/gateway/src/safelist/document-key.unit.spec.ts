import { documentKey } from './document-key.ts';

const listed = documentKey(
  'query Q($at: X = { a: 1 }) { a(t: "x\\ny") ...F } fragment F on T { b }',
);

test.each([
  [
    'white space, commas and comments',
    'query Q(,$at:X={a:1}){a(t:"x\\ny")...F}#c\nfragment F on T{b}',
  ],
  [
    'the order of definitions',
    'fragment F on T { b } query Q($at: X = {a: 1}) { a(t: "x\\ny") ...F }',
  ],
  [
    'how a string is written',
    'query Q($at: X = {a: 1}) { a(t: """x\ny""") ...F } fragment F on T { b }',
  ],
])('%s makes no other document', (_what, text) => {
  expect(listed).toBeDefined();
  expect(documentKey(text)).toBe(listed);
});

test.each([
  ['a field', 'query Q($at: X = {a: 1}) { a(t: "x\\ny") ...F c } fragment F on T { b }'],
  ['a literal', 'query Q($at: X = {a: 1}) { a(t: "x y") ...F } fragment F on T { b }'],
  ['the order of fields', 'query Q($at: X = {a: 1}) { ...F a(t: "x\\ny") } fragment F on T { b }'],
  [
    'a definition more',
    'query Q($at: X = {a: 1}) { a(t: "x\\ny") ...F } fragment F on T { b } { b }',
  ],
  ['a name for a string', 'query Q($at: X = {a: 1}) { a(t: x) ...F } fragment F on T { b }'],
])('%s does', (_what, text) => {
  expect(documentKey(text)).not.toBe(listed);
});

test.each([
  ['what is unfinished', 'query Q { a'],
  ['what is no GraphQL', 'query Q { a(t: "x) }'],
  ['more tokens than the parser takes', `{ ${'a '.repeat(2_000)} }`],
])('%s has no key', (_what, text) => {
  expect(documentKey(text)).toBeUndefined();
});
