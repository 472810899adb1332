import { exactlyOne, sql, type Tx } from '@onecount/db';

export type CategoryRow = { id: string; name: string };

const insert = sql(
  'catalog.category-insert',
  `INSERT INTO category (tenant_id, name) VALUES ($1, $2)
   ON CONFLICT (tenant_id, lower(name)) DO NOTHING`,
);
const byName = sql(
  'catalog.category-by-name',
  'SELECT id, name FROM category WHERE tenant_id = $1 AND lower(name) = lower($2)',
);
const byIds = sql(
  'catalog.categories-by-id',
  'SELECT id, name FROM category WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
);
const page = sql(
  'catalog.category-page',
  `SELECT id, name FROM category
   WHERE tenant_id = $1 AND ($2::text IS NULL OR (lower(name), id) > (lower($2), $3::uuid))
   ORDER BY lower(name), id LIMIT $4`,
);

/** The category of this name, made when it is new. Read first: nearly always it is there. */
export async function categoryNamed(tx: Tx, name: string): Promise<CategoryRow> {
  const [known] = await tx.query<CategoryRow>(byName, [tx.tenantId, name]);
  if (known !== undefined) return known;
  // A concurrent twin's row is waited for here and seen by the next statement.
  await tx.query(insert, [tx.tenantId, name]);
  return exactlyOne(await tx.query<CategoryRow>(byName, [tx.tenantId, name]));
}

export function categoriesById(tx: Tx, ids: readonly string[]) {
  return tx.query<CategoryRow>(byIds, [tx.tenantId, ids]);
}

export function categoryPage(
  tx: Tx,
  args: { afterName: string | undefined; afterId: string | undefined; limit: number },
) {
  const { afterName, afterId, limit } = args;
  return tx.query<CategoryRow>(page, [tx.tenantId, afterName ?? null, afterId ?? null, limit]);
}
