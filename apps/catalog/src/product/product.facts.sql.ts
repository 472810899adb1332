import type { Tx } from '@onecount/db';
import { groupNamed } from './product-group.sql.ts';
import type { ProductFacts } from './product.facts.ts';
import type { FactColumns } from './product.rows.ts';

/** The columns of the facts that are given; a group that is new is made. */
export async function factColumns(tx: Tx, facts: ProductFacts): Promise<FactColumns> {
  const [columns] = await factColumnsOf(tx, [facts]);
  return columns!;
}

/** The same of several products; each group is looked for once. */
export async function factColumnsOf(
  tx: Tx,
  products: readonly ProductFacts[],
): Promise<FactColumns[]> {
  const names = new Set(products.flatMap(({ productGroup }) => productGroup ?? []));
  const groups = new Map<string, string>();
  for (const name of [...names].sort()) groups.set(name, (await groupNamed(tx, name)).id);
  return products.map(({ productGroup, ...columns }) =>
    productGroup === undefined
      ? columns
      : { ...columns, productGroupId: groups.get(productGroup ?? '') ?? null },
  );
}
