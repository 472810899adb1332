import { exactlyOne, sql, type Tx } from '@onecount/db';

export type ProductGroupRow = { id: string; name: string };

const insert = sql(
  'catalog.product-group-insert',
  `INSERT INTO product_group (tenant_id, name) VALUES ($1, $2)
   ON CONFLICT (tenant_id, lower(name)) DO NOTHING`,
);
const byName = sql(
  'catalog.product-group-by-name',
  'SELECT id, name FROM product_group WHERE tenant_id = $1 AND lower(name) = lower($2)',
);
const byIds = sql(
  'catalog.product-groups-by-id',
  'SELECT id, name FROM product_group WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
);

/** The group of this name, made when it is new. Read first: nearly always it is there. */
export async function groupNamed(tx: Tx, name: string): Promise<ProductGroupRow> {
  const [known] = await tx.query<ProductGroupRow>(byName, [tx.tenantId, name]);
  if (known !== undefined) return known;
  // A concurrent twin's row is waited for here and seen by the next statement.
  await tx.query(insert, [tx.tenantId, name]);
  return exactlyOne(await tx.query<ProductGroupRow>(byName, [tx.tenantId, name]));
}

export function groupsById(tx: Tx, ids: readonly string[]) {
  return tx.query<ProductGroupRow>(byIds, [tx.tenantId, ids]);
}
