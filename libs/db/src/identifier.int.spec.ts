import * as fc from 'fast-check';
import { codeKey, foldedIdentifier } from '@onecount/refusal';
import { sql } from './index.ts';
import { scratchDatabase, type ScratchDatabase } from '../test/scratch-database.ts';

// A service looks for what PostgreSQL compares: the two must fold every text alike.

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await scratchDatabase([]);
});
afterAll(() => scratch?.drop());

const keysStatement = sql(
  'test.identifier-keys',
  'SELECT identifier_key(t.text) AS identifier, code_key(t.text) AS code FROM unnest($1::text[]) WITH ORDINALITY AS t (text, ord) ORDER BY t.ord',
);
const keysOf = (texts: readonly string[]) =>
  scratch.db.statement<{ identifier: string; code: string }>(keysStatement, [texts]);
const differing = async (texts: readonly string[]) => {
  const keys = await keysOf(texts);
  return texts
    .map((text, place) => ({
      text: JSON.stringify(text),
      here: [foldedIdentifier(text), codeKey(text)],
      there: [keys[place]!.identifier, keys[place]!.code],
    }))
    .filter(({ here, there }) => here.join('\0') !== there.join('\0'));
};

describe('a key of an identifier is the same here and in PostgreSQL', () => {
  test('for every character, at the beginning, within and at the end', async () => {
    const isSurrogate = (point: number) => point >= 0xd800 && point <= 0xdfff;
    // Letters of Unicode 17, which Node has and PostgreSQL 18 (Unicode 16) has not: there they have no case.
    const isNewer = (char: string) => /[\ua7ce\ua7d2\ua7d4\u{16ea0}-\u{16eb8}]/u.test(char);
    for (let from = 1; from < 0x20000; from += 0x4000) {
      const points = Array.from({ length: 0x4000 }, (_, n) => from + n);
      const texts = points
        .filter((point) => !isSurrogate(point))
        .map((point) => String.fromCodePoint(point))
        .filter((char) => !isNewer(char))
        .map((char) => `${char}a${char}Z${char}`);
      expect(await differing(texts)).toEqual([]);
    }
  });

  test('for texts of any characters, and for numbers in the forms of a GTIN', async () => {
    const digits = fc.stringMatching(/^0?[0-9]{7,13}[0-9xX]?$/);
    const isbn = fc.stringMatching(/^[0-9]-[0-9]{3}-[0-9]{5}-[0-9xX]$/);
    const texts = fc.oneof(fc.string({ unit: 'grapheme' }), digits, isbn);
    const storable = fc.array(
      texts.filter((text) => !text.includes('\0') && text.isWellFormed()),
      { minLength: 200, maxLength: 200 },
    );
    const isSame = fc.asyncProperty(storable, async (some) => {
      expect(await differing(some)).toEqual([]);
    });
    await fc.assert(isSame, { seed: 20261130, numRuns: 30 });
  });

  test('for what a scanner sends of one GTIN', async () => {
    const forms = ['04252614', '042100005264', '0042100005264', '00042100005264'];
    expect((await keysOf(forms)).map(({ code }) => code)).toEqual(
      forms.map(() => '00042100005264'),
    );
  });
});
