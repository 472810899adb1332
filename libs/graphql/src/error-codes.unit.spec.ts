import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeFacts, errorCodes, isErrorCode } from './error-codes.ts';

test('docs/errors.md says of every code, and of no other, what is said here', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\| (.+?) +\|$/gm)];
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    Object.entries(errorCodeFacts).map(([code, { repeating, meaning }]) => [
      code,
      repeating,
      meaning,
    ]),
  );
});

test('the set is closed', () => {
  expect(Object.values(errorCodes)).toEqual(Object.keys(errorCodeFacts));
  expect(errorCodes.badUserInput).toBe('BAD_USER_INPUT');
  expect(isErrorCode('FORBIDDEN')).toBe(true);
  for (const other of ['PG_23505', 'constructor', '', undefined, 7])
    expect(isErrorCode(other)).toBe(false);
});
