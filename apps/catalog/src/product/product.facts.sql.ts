import type { Tx } from '@onecount/db';
import { groupNamed } from './product-group.sql.ts';
import type { ProductRow } from './product.entity.ts';
import type { ProductFacts } from './product.facts.ts';

type FactColumns = Partial<
  Pick<ProductRow, 'productGroupId' | 'seoTitle' | 'seoDescription' | 'styleNumber' | 'metadata'>
>;

/** The columns of the facts that are given; a group that is new is made. */
export async function factColumns(
  tx: Tx,
  { productGroup, ...columns }: ProductFacts,
): Promise<FactColumns> {
  if (productGroup === undefined) return columns;
  const group = productGroup === null ? null : await groupNamed(tx, productGroup);
  return { ...columns, productGroupId: group?.id ?? null };
}
