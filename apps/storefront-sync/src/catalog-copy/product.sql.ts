import { newestWins, sql, type Tx } from '@onecount/db';
import type { ProductChanged } from '@onecount/events';
import { foldedIdentifier } from '@onecount/refusal';

const writeProduct = newestWins({
  name: 'known-product.save',
  table: 'known_product',
  key: ['id'],
  columns: [],
});

/** False for a version that is not newer than the one that is known. */
export function isNewVersion(tx: Tx, { productId: id, version }: ProductChanged): Promise<boolean> {
  return writeProduct(tx, { id, version });
}

const skusOfProduct = sql(
  'known-variant.skus-of-product',
  'SELECT sku FROM known_variant WHERE tenant_id = $1 AND product_id = $2',
);
export async function knownSkus(tx: Tx, productId: string): Promise<string[]> {
  const rows = await tx.query<{ sku: string }>(skusOfProduct, [tx.tenantId, productId]);
  return rows.map(({ sku }) => sku);
}

const clearVariants = sql(
  'known-variant.clear',
  `UPDATE known_variant v
   SET variant_id = NULL, product_id = NULL, is_sellable = false
   FROM (SELECT sku_key, variant_id FROM known_variant WHERE tenant_id = $1 AND product_id = $2) AS old
   WHERE v.tenant_id = $1 AND v.sku_key = old.sku_key
   RETURNING old.variant_id AS "variantId"`,
);
// The keys come with the rows: below row-level security an index is not searched by what a function makes of another
// relation's column, and each product would read all variants of the tenant.
const saveVariants = sql(
  'known-variant.save',
  `UPDATE known_variant v
   SET sku = n.sku, variant_id = n.variant_id, product_id = $2, title = n.title,
       is_tracked = n.is_tracked, is_sellable = n.is_sellable, has_photo = $8
   FROM unnest($3::text[], $4::uuid[], $5::text[], $6::boolean[], $7::boolean[], $10::text[])
          AS n (sku, variant_id, title, is_tracked, is_sellable, sku_key)
   WHERE v.tenant_id = $1 AND v.sku_key = n.sku_key
     -- Of a variant that has moved between products the newer version counts, whichever event comes first (ADR 0243).
     AND (v.product_id IS NULL OR v.product_id = $2 OR $9 > (
       SELECT p.version FROM known_product p WHERE p.tenant_id = v.tenant_id AND p.id = v.product_id))`,
);

/** Replaces the product's variants; answers the ids of those that are gone. The rows are locked. */
export async function replaceVariants(tx: Tx, product: ProductChanged): Promise<string[]> {
  const { variants, productId, media } = product;
  const { status, deletedAt, isUnlisted = false, isListedOnWebsite = true } = product;
  const isListed = isListedOnWebsite && !isUnlisted;
  const isOffered = status === 'ACTIVE' && deletedAt === undefined && isListed;
  // Cleared first: two variants may have exchanged their SKUs.
  const before = await tx.query<{ variantId: string }>(clearVariants, [tx.tenantId, productId]);
  await tx.query(saveVariants, [
    tx.tenantId,
    productId,
    variants.map(({ sku }) => sku),
    variants.map(({ variantId }) => variantId),
    variants.map(({ fullTitle }) => fullTitle),
    variants.map(({ tracking }) => tracking !== 'NONE'),
    variants.map(({ isActive }) => isOffered && isActive),
    media.length > 0,
    product.version,
    variants.map(({ sku }) => foldedIdentifier(sku)),
  ]);
  const kept = new Set(variants.map(({ variantId }) => variantId));
  return before.map(({ variantId }) => variantId).filter((id) => !kept.has(id));
}
