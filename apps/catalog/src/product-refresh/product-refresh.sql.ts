import { sql, type Tx } from '@onecount/db';

const ofVendor = sql(
  'catalog.product-refresh-of-vendor',
  `INSERT INTO product_refresh (tenant_id, product_id)
   SELECT tenant_id, id FROM product WHERE tenant_id = $1 AND vendor_id = $2 AND deleted_at IS NULL
   ON CONFLICT ON CONSTRAINT product_refresh_pkey DO UPDATE SET is_change = true`,
);
const ofCategories = sql(
  'catalog.product-refresh-of-categories',
  `INSERT INTO product_refresh (tenant_id, product_id)
   SELECT tenant_id, id FROM product
   WHERE tenant_id = $1 AND category_id = ANY ($2::uuid[]) AND deleted_at IS NULL
   ON CONFLICT ON CONSTRAINT product_refresh_pkey DO UPDATE SET is_change = true`,
);
// Deleted ones too: that they are is their newest state.
const ofTenant = sql(
  'catalog.product-refresh-of-tenant',
  `INSERT INTO product_refresh (tenant_id, product_id, is_change)
   SELECT tenant_id, id, false FROM product WHERE tenant_id = $1 ON CONFLICT DO NOTHING`,
);
const tenants = sql('catalog.tenants', 'SELECT DISTINCT tenant_id AS id FROM product ORDER BY 1');
const due = sql(
  'catalog.product-refresh-due',
  'SELECT tenant_id AS "tenantId", product_id AS "productId" FROM product_refresh ORDER BY requested_at LIMIT $1',
);
const take = sql(
  'catalog.product-refresh-take',
  'DELETE FROM product_refresh WHERE tenant_id = $1 AND product_id = $2 RETURNING is_change AS "isChange"',
);

/** Products whose events name the vendor are published again, soon. */
export async function refreshProductsOfVendor(tx: Tx, vendorId: string): Promise<void> {
  await tx.query(ofVendor, [tx.tenantId, vendorId]);
}

/** The same for products of these categories themselves. */
export async function refreshProductsOfCategories(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(ofCategories, [tx.tenantId, ids]);
}

export function dueRefreshes(tx: Tx, limit: number) {
  return tx.query<{ tenantId: string; productId: string }>(due, [limit]);
}

/** Every product of the tenant is published once more, soon, with the version that it has. */
export async function refreshProductsOfTenant(tx: Tx): Promise<void> {
  await tx.query(ofTenant, [tx.tenantId]);
}

/** Every tenant that ever had a product. */
export async function tenantsWithProducts(tx: Tx): Promise<string[]> {
  return (await tx.query<{ id: string }>(tenants)).map(({ id }) => id);
}

/** Undefined when another worker was first. */
export async function takeRefresh(tx: Tx, productId: string) {
  return (await tx.query<{ isChange: boolean }>(take, [tx.tenantId, productId]))[0];
}
