import pg from 'pg';

const int8 = 20;

// bigint columns hold counts, versions and minor units, all bound far below 2^53: numbers, not the
// strings pg gives. A value that a number cannot hold is an error, never a rounded amount.
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('bigint from PostgreSQL exceeds 2^53');
  return value;
}

/** pg's parsers with int8 as number. */
export const typeParsers = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? safeInteger
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};
