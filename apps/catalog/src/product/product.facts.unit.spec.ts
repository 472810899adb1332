import { factsOf } from './product.facts.ts';

const entry = (type: never, value: string) => factsOf({ metadata: [{ key: 'k', type, value }] });

test.each([
  ['INTEGER', '-12', '1.5'],
  ['DECIMAL', '0.75', '1e3'],
  ['BOOLEAN', 'true', 'yes'],
  ['DATE', '2028-02-29', '2026-02-30'],
  ['URL', 'https://a.example/x', 'javascript:alert(1)'],
  ['JSON', '{"a":[1]}', '{a:1}'],
])('a fact of type %s is %s, not %s', (type, right, wrong) => {
  expect(entry(type as never, right)).toEqual({ metadata: [{ key: 'k', type, value: right }] });
  expect(entry(type as never, wrong)).toMatchObject({
    ...{ __typename: 'InvalidInput', field: 'metadata.0.value' },
    message: `The value of k is no ${type}.`,
  });
});

test('a blank text is none, one that is left out stays', () => {
  expect(factsOf({ seoTitle: '  ', styleNumber: null })).toEqual({
    ...{ seoTitle: null, styleNumber: null },
  });
});

test.each(['', 'a b', 'x'.repeat(129)])('%p is no name of a fact', (key) => {
  expect(factsOf({ metadata: [{ key, value: '' }] })).toMatchObject({ field: 'metadata.0.key' });
});
