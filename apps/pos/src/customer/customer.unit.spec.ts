import fc from 'fast-check';
import { mergedProfile, type Profile, type SizeKind, type SizeSystem } from './customer.ts';
import { parsePhone } from './phone.ts';
import { sizeProblem, sizeValue } from './size.ts';
import { foldedName, prefixesOf, termsOf } from './term.ts';

const profile = (part: Partial<Profile> = {}): Profile => ({
  ...{ name: 'Anna', note: null, emails: [], phones: [], addresses: [], sizes: [] },
  ...part,
});

test.each([
  ['030 123456', 'DE', '+4930123456'],
  ['(212) 555-0100', 'us', '+12125550100'],
  ['+49 170 1234567', undefined, '+491701234567'],
  ['06 1234 5678', 'IT', '+390612345678'],
  ['030 123456', undefined, null],
  ['030 123456', 'QQ', null],
  ['call me on +49 170 1234567', undefined, null],
  ['+49 170 1234567 ext. 5', undefined, null],
  ['+49 1', undefined, null],
  ['', 'DE', null],
])('%s of %s is %s', (text, country, number) => {
  expect(parsePhone(text, country)?.number ?? null).toBe(number);
});

test.each([
  ['Müller-Weiß', 'muller weiss'],
  ['  O’Brien ', 'o brien'],
  ['Łukasz', 'lukasz'],
  ['***', ''],
])('the name %s is found as %s', (name, folded) => {
  expect(foldedName(name)).toBe(folded);
});

test('a customer has a term for each word, address and number, and none twice', () => {
  const terms = termsOf(
    profile({
      name: 'Anna Anna Weiß',
      emails: [{ address: 'A@b.DE', label: null }],
      phones: [{ number: '+390612', national: '0612', label: null }],
    }),
  );
  expect(terms).toEqual(['n:anna', 'n:weiss', 'e:a@b.de', 'p:+390612', 'l:612']);
});

test.each([
  ['Anna W', ['n:anna', 'n:w']],
  ['anna A@B.de', ['n:anna', 'e:a@b.de']],
  ['+49 (30) 12', ['p:+493012']],
  ['0049 30 12', ['p:+493012']],
  ['030/12 34', ['l:301234']],
  ['123', ['n:123']],
  ['***', []],
])('%s asks for %j', (query, prefixes) => {
  expect(prefixesOf(query)).toEqual(prefixes);
});

const kinds: [SizeKind, SizeSystem, string, boolean][] = [
  ['RING', 'US', '6.25', true],
  ['RING', 'US', '6.3', false],
  ['RING', 'US', '16.25', false],
  ['RING', 'US', '-1', false],
  ['RING', 'EU', '54', true],
  ['RING', 'EU', '37', false],
  ['RING', 'EU', '54.25', false],
  ['RING', 'UK', 'l 1/2', true],
  ['RING', 'UK', 'Z3', true],
  ['RING', 'UK', 'A3', false],
  ['RING', 'UK', 'LL', false],
  ['RING', 'JP', '13', true],
  ['RING', 'JP', '13.5', false],
  ['RING', 'MM', '17,3', true],
  ['RING', 'LETTERS', 'M', false],
  ['CLOTHING', 'LETTERS', 'xl', true],
  ['CLOTHING', 'LETTERS', '9XL', false],
  ['SHOE', 'EU', '42', true],
  ['BRACELET', 'CM', '17.5', true],
  ['BRACELET', 'CM', '0', false],
  ['BRACELET', 'CM', 'wide', false],
];
test.each(kinds)('%s %s %s', (kind, system, text, fits) => {
  expect(sizeProblem(kind, { system, value: sizeValue(text) }) === undefined).toBe(fits);
});

describe('two profiles of one person', () => {
  const email = fc.record({
    address: fc.constantFrom('a@b.de', 'A@B.de', 'c@d.de', 'e@f.de'),
    label: fc.constantFrom(null, 'work'),
  });
  const emails = fc.array(email, { maxLength: 5 });

  test('lose no address, keep none twice, and put those of the kept one first', () => {
    fc.assert(
      fc.property(emails, emails, (one, other) => {
        const merged = mergedProfile(profile({ emails: one }), profile({ emails: other })).emails;
        const keys = merged.map(({ address }) => address.toLowerCase());
        const all = [...one, ...other].map(({ address }) => address.toLowerCase());
        expect(keys).toEqual([...new Set(all)]);
      }),
    );
  });

  test('have the size of the kept one where both have it', () => {
    const ring = (value: string, place: string | null = null) =>
      ({ kind: 'RING', system: 'EU', value, place, note: null }) as const;
    const kept = profile({ sizes: [ring('54')], note: 'one' });
    const other = profile({ sizes: [ring('55'), ring('56', 'thumb')], note: 'two' });
    const merged = mergedProfile(kept, other);
    expect(merged.sizes).toEqual([ring('54'), ring('56', 'thumb')]);
    expect(merged.note).toBe('one\n\ntwo');
  });
});
