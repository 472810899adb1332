import { sql, type Tx } from '@onecount/db';
import { categoryColumns, type CategoryRow } from './category.sql.ts';
import { separator } from './category.ts';

// Changes of the tree; whoever asks for one holds its lock (lockCategories).

const branch = sql(
  'catalog.category-branch',
  `SELECT ${categoryColumns} FROM category
   WHERE tenant_id = $1 AND (id = $2 OR starts_with(path, $3))
   ORDER BY cardinality(string_to_array(path, '${separator}')), id`,
);
// The paths of a branch change in one statement: a unique index that is looked at row by row never meets its own
// former rows, for no new path lies inside the old branch.
const replant = sql(
  'catalog.category-replant',
  `UPDATE category SET
     name = CASE WHEN id = $2 THEN $5 ELSE name END,
     parent_id = CASE WHEN id = $2 THEN $6::uuid ELSE parent_id END,
     path = $4 || substr(path, char_length($3) + 1)
   WHERE tenant_id = $1 AND (id = $2 OR starts_with(path, $3 || '${separator}'))
   RETURNING id`,
);
const moveProducts = sql(
  'catalog.category-move-products',
  `UPDATE product SET category_id = $3 WHERE tenant_id = $1 AND category_id = $2`,
);
const remove = sql(
  'catalog.category-delete',
  'DELETE FROM category WHERE tenant_id = $1 AND id = $2',
);
const counts = sql(
  'catalog.category-counts',
  `SELECT (SELECT count(*) FROM product WHERE tenant_id = $1 AND category_id = $2 AND deleted_at IS NULL)::integer
       AS "productsTotal",
     (SELECT count(*) FROM category WHERE tenant_id = $1 AND parent_id = $2)::integer AS "childrenTotal"`,
);

/** The category and all below it, each behind its parent. */
export function branchOf(tx: Tx, { id, path }: CategoryRow) {
  return tx.query<CategoryRow>(branch, [tx.tenantId, id, path + separator]);
}

/** Gives a category another name or parent, and what is below it the paths that follow; answers the ids. */
export async function replantBranch(
  tx: Tx,
  { id, path }: CategoryRow,
  to: { name: string; parentId: string | null; path: string },
): Promise<string[]> {
  const values = [tx.tenantId, id, path, to.path, to.name, to.parentId];
  const rows = await tx.query<{ id: string }>(replant, values);
  return rows.map((row) => row.id);
}

/** Deleted products too: what is restored is to find its category. */
export async function moveProductsTo(tx: Tx, fromId: string, toId: string | null): Promise<void> {
  await tx.query(moveProducts, [tx.tenantId, fromId, toId]);
}

export async function removeCategory(tx: Tx, id: string): Promise<void> {
  await tx.query(remove, [tx.tenantId, id]);
}

export async function countsIn(tx: Tx, id: string) {
  type Counts = { productsTotal: number; childrenTotal: number };
  return (await tx.query<Counts>(counts, [tx.tenantId, id]))[0]!;
}
