import { exactlyOne, sql, type Tx } from '@onecount/db';
import { isUuid } from '@onecount/refusal';
import { namesIn, pathOf, separator } from './category.ts';

export type CategoryRow = { id: string; name: string; path: string; parentId: string | null };

export const categoryColumns = 'id, name, path, parent_id AS "parentId"';

const insert = sql(
  'catalog.category-insert',
  `INSERT INTO category (tenant_id, name, path, parent_id) VALUES ($1, $2, $3, $4)
   ON CONFLICT (tenant_id, lower(path)) DO NOTHING`,
);
const byPath = sql(
  'catalog.category-by-path',
  `SELECT ${categoryColumns} FROM category WHERE tenant_id = $1 AND lower(path) = lower($2)`,
);
const byName = sql(
  'catalog.category-by-name',
  `SELECT ${categoryColumns} FROM category WHERE tenant_id = $1 AND lower(name) = lower($2) LIMIT 2`,
);
const byIds = sql(
  'catalog.categories-by-id',
  `SELECT ${categoryColumns} FROM category WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
);
const page = sql(
  'catalog.category-page',
  `SELECT ${categoryColumns} FROM category
   WHERE tenant_id = $1 AND ($2::text IS NULL OR (lower(path), id) > (lower($2), $3::uuid))
   ORDER BY lower(path), id LIMIT $4`,
);
const pageOfChildren = sql(
  'catalog.category-children',
  `SELECT ${categoryColumns} FROM category
   WHERE tenant_id = $1 AND parent_id = $5 AND ($2::text IS NULL OR (lower(path), id) > (lower($2), $3::uuid))
   ORDER BY lower(path), id LIMIT $4`,
);
const productTotals = sql(
  'catalog.category-product-totals',
  `SELECT category_id AS "categoryId", count(*)::integer AS total FROM product
   WHERE tenant_id = $1 AND category_id = ANY ($2::uuid[]) AND deleted_at IS NULL GROUP BY category_id`,
);
const lockShared = sql(
  'catalog.category-tree-share',
  `SELECT pg_advisory_xact_lock_shared(hashtextextended($1::text || '/category-tree', 0))`,
);
const lockWhole = sql(
  'catalog.category-tree-lock',
  `SELECT pg_advisory_xact_lock(hashtextextended($1::text || '/category-tree', 0))`,
);

/**
 * The category of this path, made with its ancestors when it is new. A single name that stands at no top but is the
 * name of exactly one category names that one: a file goes on to find Rings after they were moved below Jewellery.
 */
export async function categoryNamed(tx: Tx, path: string): Promise<CategoryRow> {
  const names = namesIn(path);
  const known = await categoryByPath(tx, names.join(separator));
  if (known !== undefined) return known;
  const [namesake, ...others] =
    names.length === 1 ? await tx.query<CategoryRow>(byName, [tx.tenantId, names[0]]) : [];
  if (namesake !== undefined && others.length === 0) return namesake;
  // Whoever moves a category moves the paths below it: none is made there meanwhile.
  await tx.query(lockShared, [tx.tenantId]);
  let category: CategoryRow | undefined;
  for (const name of names) category = await childNamed(tx, category, name);
  if (category === undefined) throw new TypeError(`no category is named by ${path}`);
  return category;
}

const byPaths = sql(
  'catalog.categories-by-path',
  `SELECT wanted, c.id FROM unnest($2::text[]) wanted
   JOIN category c ON c.tenant_id = $1 AND lower(c.path) = lower(wanted)`,
);

/** Ids of the categories of these paths by the path as it is given; those that are new are made. */
export async function categoriesNamed(
  tx: Tx,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const wanted = [...new Set(paths)];
  if (wanted.length === 0) return new Map();
  const rows = await tx.query<{ wanted: string; id: string }>(byPaths, [tx.tenantId, wanted]);
  const found = new Map(rows.map((row) => [row.wanted, row.id]));
  // In their order: a single name that comes first is a category of its own, one that comes later may name another's.
  const missing = wanted.filter((path) => !found.has(path));
  for (const path of missing) found.set(path, (await categoryNamed(tx, path)).id);
  return found;
}

async function childNamed(tx: Tx, parent: CategoryRow | undefined, name: string) {
  const path = pathOf(parent?.path ?? null, name);
  const known = await categoryByPath(tx, path);
  if (known !== undefined) return known;
  // A concurrent twin's row is waited for here and seen by the next statement.
  await insertCategory(tx, { name, path, parentId: parent?.id ?? null });
  return exactlyOne(await tx.query<CategoryRow>(byPath, [tx.tenantId, path]));
}

export async function insertCategory(tx: Tx, category: Omit<CategoryRow, 'id'>): Promise<void> {
  const { name, path, parentId } = category;
  await tx.query(insert, [tx.tenantId, name, path, parentId]);
}

export async function categoryByPath(tx: Tx, path: string): Promise<CategoryRow | undefined> {
  return (await tx.query<CategoryRow>(byPath, [tx.tenantId, path]))[0];
}

/** Until the end of the transaction nobody else changes the tree. */
export async function lockCategories(tx: Tx): Promise<void> {
  await tx.query(lockWhole, [tx.tenantId]);
}

/** Undefined for what is no id, too. */
export async function categoryById(tx: Tx, id: string): Promise<CategoryRow | undefined> {
  return isUuid(id) ? (await categoriesById(tx, [id]))[0] : undefined;
}

export function categoriesById(tx: Tx, ids: readonly string[]) {
  return tx.query<CategoryRow>(byIds, [tx.tenantId, ids]);
}

export function categoryProductTotals(tx: Tx, ids: readonly string[]) {
  return tx.query<{ categoryId: string; total: number }>(productTotals, [tx.tenantId, ids]);
}

export function categoryPage(
  tx: Tx,
  args: {
    parentId?: string;
    afterPath: string | undefined;
    afterId: string | undefined;
    limit: number;
  },
) {
  const { parentId, afterPath, afterId, limit } = args;
  const values = [tx.tenantId, afterPath ?? null, afterId ?? null, limit];
  return parentId === undefined
    ? tx.query<CategoryRow>(page, values)
    : tx.query<CategoryRow>(pageOfChildren, [...values, parentId]);
}

const within = sql(
  'catalog.categories-within',
  `WITH RECURSIVE branch AS (
     SELECT id FROM category WHERE tenant_id = $1 AND id = ANY ($2::uuid[])
     UNION SELECT c.id FROM branch b JOIN category c ON c.tenant_id = $1 AND c.parent_id = b.id)
   SELECT id FROM branch`,
);

/** These categories and all below them. */
export async function categoryIdsWithin(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<{ id: string }>(within, [tx.tenantId, ids]);
  return rows.map(({ id }) => id);
}
