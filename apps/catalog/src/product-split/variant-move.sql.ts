import { sql, type Tx } from '@onecount/db';
import type { PlacedVariant } from './product-split.ts';

// A variant that goes to another product keeps id, SKU, codes, prices and everything that names it elsewhere.

// No two combinations meet in between: what is in the product already has its values left as they are, or all of it gets
// or loses one. Its picture there is the one of the same address: two products never share a row of media.
const move = sql(
  'catalog.variants-move',
  `UPDATE variant v
   SET product_id = $2, option_values = ARRAY(SELECT jsonb_array_elements_text(n."optionValues")), title = n.title,
       position = n.position, updated_at = now(),
       media_id = CASE WHEN v.product_id = $2 THEN v.media_id ELSE (
         SELECT t.id FROM media f
         JOIN media t ON t.tenant_id = f.tenant_id AND t.product_id = $2 AND t.url = f.url
         WHERE f.tenant_id = v.tenant_id AND f.id = v.media_id ORDER BY t.position LIMIT 1) END
   FROM jsonb_to_recordset($3::jsonb) AS n (id uuid, "optionValues" jsonb, title text, position integer)
   WHERE v.tenant_id = $1 AND v.id = n.id RETURNING v.id`,
);
// Where both products are on a list, the one that has heard less of it counts: to be looked at again does no harm.
const copyPriceLists = sql(
  'catalog.price-lists-of-moved',
  `INSERT INTO price_list_product AS known (tenant_id, price_list_id, product_id, due_at, is_applied)
   SELECT DISTINCT p.tenant_id, p.price_list_id, v.product_id, p.due_at, p.is_applied
   FROM price_list_product p
   JOIN price_list_entry e ON e.tenant_id = p.tenant_id AND e.price_list_id = p.price_list_id
   JOIN variant v ON v.tenant_id = e.tenant_id AND v.id = e.variant_id AND v.product_id = $3
   WHERE p.tenant_id = $1 AND p.product_id = $2
   ON CONFLICT ON CONSTRAINT price_list_product_pkey DO UPDATE
   SET due_at = least(known.due_at, EXCLUDED.due_at), is_applied = known.is_applied AND EXCLUDED.is_applied`,
);
const stockPending = sql(
  'catalog.products-stock-pending',
  `SELECT product_id AS "productId" FROM stock_command
   WHERE tenant_id = $1 AND product_id = ANY ($2::uuid[]) AND status = 'PENDING' LIMIT 1`,
);

/** Gives the variants to the product, each with its picture there; which therefore stand before. */
export async function moveVariants(
  tx: Tx,
  productId: string,
  variants: readonly PlacedVariant[],
): Promise<void> {
  const moved = await tx.query(move, [tx.tenantId, productId, JSON.stringify(variants)]);
  if (moved.length !== variants.length) throw new Error('a variant left under the lock');
}

/** The lists that name variants which have gone from one product to another follow them. */
export async function followPriceLists(tx: Tx, from: string, to: string): Promise<void> {
  await tx.query(copyPriceLists, [tx.tenantId, from, to]);
}

/** One of the products of which inventory has not heard everything yet; undefined when there is none. */
export async function awaitingStock(tx: Tx, ids: readonly string[]): Promise<string | undefined> {
  return (await tx.query<{ productId: string }>(stockPending, [tx.tenantId, ids]))[0]?.productId;
}
