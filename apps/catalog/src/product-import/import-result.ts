import type { Planned } from './csv-product.ts';
import type { RowError } from './csv-row.ts';
import type { GroupRead } from './csv-source.ts';
import type { Written } from './import-write.ts';
import type { GroupResult } from './product-import.ts';

/** What came of a group: what is counted, and what is said of its rows. */
export type Done = {
  result: GroupResult;
  errors: readonly RowError[];
  warnings: readonly RowError[];
};
export function cameIn(
  read: GroupRead,
  { plan, warnings }: Planned,
  { productId, outcome }: Written,
): Done {
  const units = outcome === 'CREATED' ? unitsOf(plan) : 0;
  const result = {
    ...resultOf(read, outcome),
    ...{ productId, variants: plan.variants.length, units, rowWarnings: warnings.length },
  };
  return { result, errors: [], warnings };
}

const unitsOf = ({ variants }: Planned['plan']): number =>
  variants
    .flatMap(({ openingStock }) => openingStock)
    .reduce((total, line) => total + line.quantity, 0);

export function refused(read: GroupRead, errors: RowError[]): Done {
  const result = { ...resultOf(read, 'REFUSED'), rowErrors: errors.length };
  return { result, errors, warnings: [] };
}

export function resultOf({ key, group }: GroupRead, outcome: GroupResult['outcome']): GroupResult {
  const isRefused = outcome === 'REFUSED';
  const rows = group.rows.length;
  return {
    ...{ groupKey: key, outcome, productId: null },
    productsUpdated: outcome === 'UPDATED' ? 1 : 0,
    rowsImported: isRefused ? 0 : rows,
    rowsRefused: isRefused ? rows : 0,
    ...{ variants: 0, units: 0, rowErrors: 0, rowWarnings: 0 },
  };
}

export function unstorable(read: GroupRead): RowError {
  const message = 'The product could not be stored; a value is longer or stranger than it may be.';
  const row = read.group.rows[0]?.number ?? 0;
  return { row, handle: read.group.handle, code: 'INVALID', message };
}
