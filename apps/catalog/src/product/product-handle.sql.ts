import { sql, type Tx } from '@onecount/db';

// Addresses that a product has left lead to it until another product takes them.

const leave = sql(
  'catalog.handle-leave',
  `INSERT INTO product_former_handle (tenant_id, handle, product_id) VALUES ($1, $2, $3)
   ON CONFLICT (tenant_id, handle) DO UPDATE SET product_id = EXCLUDED.product_id, left_at = now()`,
);
const take = sql(
  'catalog.handle-take',
  'DELETE FROM product_former_handle WHERE tenant_id = $1 AND handle = ANY ($2::text[])',
);
const beginning = sql(
  'catalog.former-handles-like',
  `SELECT f.handle FROM product_former_handle f
   JOIN product p ON p.tenant_id = f.tenant_id AND p.id = f.product_id AND p.deleted_at IS NULL
   WHERE f.tenant_id = $1 AND (f.handle = $2 OR starts_with(f.handle, $2 || '-'))`,
);
const ofProducts = sql(
  'catalog.former-handles-of-products',
  `SELECT handle, product_id AS "productId" FROM product_former_handle
   WHERE tenant_id = $1 AND product_id = ANY ($2::uuid[]) ORDER BY left_at, handle`,
);
const target = sql(
  'catalog.former-handle-target',
  'SELECT product_id AS "productId" FROM product_former_handle WHERE tenant_id = $1 AND handle = $2',
);

export async function leaveHandle(
  tx: Tx,
  { handle, productId }: { handle: string; productId: string },
): Promise<void> {
  await tx.query(leave, [tx.tenantId, handle, productId]);
}

export const takeHandle = (tx: Tx, handle: string) => takeHandles(tx, [handle]);

/** From now on each address is its product's own: it leads to no former one. */
export async function takeHandles(tx: Tx, handles: readonly string[]): Promise<void> {
  await tx.query(take, [tx.tenantId, handles]);
}

export async function formerHandlesBeginning(tx: Tx, handle: string): Promise<string[]> {
  const rows = await tx.query<{ handle: string }>(beginning, [tx.tenantId, handle]);
  return rows.map((row) => row.handle);
}

export function formerHandlesOf(tx: Tx, productIds: readonly string[]) {
  return tx.query<{ handle: string; productId: string }>(ofProducts, [tx.tenantId, productIds]);
}

/** The product that has left this address; undefined when nobody has. */
export async function productThatLeft(tx: Tx, handle: string): Promise<string | undefined> {
  return (await tx.query<{ productId: string }>(target, [tx.tenantId, handle]))[0]?.productId;
}
