import { refuse } from '@onecount/refusal';
import type { RowRefusal } from './matrix.ts';

const refusalsShown = 100;

export function variantRowsRefused(refusals: readonly RowRefusal[]) {
  const [first] = refusals;
  const message = `Nothing was changed. ${refusals.length} refusals, the first: ${first?.message ?? ''}`;
  return refuse('VariantRowsRefused', 'VARIANT_ROWS_REFUSED', message, {
    refusalsTotal: refusals.length,
    refusals: refusals.slice(0, refusalsShown),
  });
}
