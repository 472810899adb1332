/** For a state change that must have met exactly one row; anything else is a broken invariant. */
export function exactlyOne<Row>(rows: readonly Row[]): Row {
  if (rows.length !== 1) throw new Error(`expected exactly one row, got ${rows.length}`);
  return rows[0]!;
}
