import { sql, type Tx } from '@onecount/db';

const remove = sql(
  'catalog.product-delete',
  'UPDATE product SET deleted_at = now() WHERE tenant_id = $1 AND id = $2',
);
const restore = sql(
  'catalog.product-restore',
  'UPDATE product SET deleted_at = NULL, handle = $3 WHERE tenant_id = $1 AND id = $2',
);
const lockDeleted = sql(
  'catalog.product-lock-deleted',
  `SELECT id, handle, merged_into_id AS "mergedIntoId" FROM product WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NOT NULL FOR UPDATE`,
);
const deletedIds = sql(
  'catalog.products-deleted',
  `SELECT id FROM product
   WHERE tenant_id = $1 AND deleted_at IS NOT NULL AND merged_into_id IS NULL AND ($2::uuid IS NULL OR id < $2)
   ORDER BY id DESC LIMIT $3`,
);
const publish = sql(
  'catalog.product-publish',
  `UPDATE product SET status = $3, is_listed_on_website = coalesce($4, is_listed_on_website)
   WHERE tenant_id = $1 AND id = $2`,
);
const openStock = sql(
  'catalog.product-open-stock',
  `SELECT status, reason, ARRAY(SELECT (item ->> 'variantId')::uuid FROM jsonb_array_elements(items) AS item) AS "variantIds"
   FROM stock_command WHERE tenant_id = $1 AND product_id = $2 AND status <> 'DELIVERED' AND units > 0 ORDER BY created_at`,
);
const outOfStock = sql(
  'catalog.product-out-of-stock',
  `SELECT v.id FROM variant v
   LEFT JOIN variant_stock s ON s.tenant_id = v.tenant_id AND s.variant_id = v.id
   WHERE v.tenant_id = $1 AND v.product_id = $2 AND v.removed_at IS NULL AND v.is_active AND v.tracking <> 'NONE'
     AND NOT coalesce(s.is_in_stock, false)`,
);
const reorder = sql(
  'catalog.variants-reorder',
  `UPDATE variant v SET position = given.position, updated_at = now()
   FROM unnest($3::uuid[]) WITH ORDINALITY AS given (id, position)
   WHERE v.tenant_id = $1 AND v.product_id = $2 AND v.id = given.id AND v.position <> given.position`,
);

export async function markDeleted(tx: Tx, id: string): Promise<void> {
  await tx.query(remove, [tx.tenantId, id]);
}

export async function unmarkDeleted(tx: Tx, id: string, handle: string): Promise<void> {
  await tx.query(restore, [tx.tenantId, id, handle]);
}

type DeletedProduct = { id: string; handle: string; mergedIntoId: string | null };

export async function lockDeletedProduct(tx: Tx, id: string) {
  return (await tx.query<DeletedProduct>(lockDeleted, [tx.tenantId, id]))[0];
}

export async function deletedProductIds(
  tx: Tx,
  { afterId, limit }: { afterId: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(deletedIds, [tx.tenantId, afterId ?? null, limit]);
  return rows.map(({ id }) => id);
}

export async function setPublished(
  tx: Tx,
  id: string,
  to: { status: string; isListedOnWebsite: boolean | null },
): Promise<void> {
  await tx.query(publish, [tx.tenantId, id, to.status, to.isListedOnWebsite]);
}

/** Opening stock that inventory does not have: on its way, or refused with its reason. */
export async function openStockOf(tx: Tx, productId: string) {
  type Row = { status: 'PENDING' | 'REFUSED'; reason: string | null; variantIds: string[] };
  const rows = await tx.query<Row>(openStock, [tx.tenantId, productId]);
  const pending = rows.filter(({ status }) => status === 'PENDING');
  return {
    pendingVariantIds: new Set(pending.flatMap(({ variantIds }) => variantIds)),
    refusal: rows.find(({ status }) => status === 'REFUSED')?.reason ?? null,
  };
}

/** Active variants that are counted and of which inventory has said nothing, or that there is none. */
export async function outOfStockOf(tx: Tx, productId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(outOfStock, [tx.tenantId, productId]);
  return new Set(rows.map(({ id }) => id));
}

export async function setPositions(
  tx: Tx,
  productId: string,
  variantIds: readonly string[],
): Promise<void> {
  await tx.query(reorder, [tx.tenantId, productId, variantIds]);
}
