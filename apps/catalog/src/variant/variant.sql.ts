import { exactlyOne, sql, type Tx } from '@onecount/db';
import { codeKey, foldedIdentifier } from '@onecount/refusal';
import { variantsMax, type ProductStatus } from '../product/product.ts';
import type { VariantRow } from './variant.entity.ts';

const columns = `v.id, v.product_id AS "productId", v.position, v.sku, v.barcode, v.title,
  v.option_values AS "optionValues", v.currency_code AS "currencyCode",
  v.price_minor AS "priceMinor", v.compare_at_price_minor AS "compareAtPriceMinor",
  v.cost_minor AS "costMinor", v.tracking, v.is_active AS "isActive", v.is_taxable AS "isTaxable",
  v.tax_code AS "taxCode", v.weight_unit AS "weightUnit", v.requires_shipping AS "requiresShipping", v.weight_grams AS "weightGrams",
  v.media_id AS "mediaId",
  v.list_price_minor AS "listPriceMinor", v.price_list_id AS "priceListId", v.tenant_id AS "tenantId"`;

/** A variant with what is needed of its product to name it and to decide who may see it. */
export type VariantView = VariantRow & {
  /** Of the price list in force; null while its own price counts. */
  listPriceMinor: number | null;
  priceListId: string | null;
  productTitle: string;
  productStatus: ProductStatus;
  /** Null while it is one of its product's variants. */
  removedAt: Date | null;
};

const view = `${columns}, v.removed_at AS "removedAt", p.title AS "productTitle", p.status AS "productStatus"`;

// $2 is whether the caller sees active products only. A removed variant is inactive, and is found by who names it; so
// is one of a deleted product, but never by a public shop.
const visible = `p.tenant_id = $1
  AND (NOT $2 OR (p.status = 'ACTIVE' AND p.deleted_at IS NULL AND v.is_active))`;
const listed = `${visible} AND v.removed_at IS NULL`;

const byIds = sql(
  'catalog.variants-by-id',
  `SELECT ${view} FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
   WHERE v.tenant_id = $1 AND v.id = ANY ($3::uuid[]) AND ${visible}`,
);

const bySkus = sql(
  'catalog.variants-by-sku',
  `SELECT ${view} FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
   WHERE v.tenant_id = $1 AND v.sku_key = ANY ($3::text[]) AND ${visible}`,
);

const byCodes = sql(
  'catalog.variants-by-code',
  `SELECT ${view}, v.barcode_key AS "codeKey" FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
   WHERE v.tenant_id = $1 AND v.barcode_key = ANY ($3::text[]) AND ${listed}`,
);

// A page of each product's variants at once: a list of products costs one statement, not one each.
const pageByProducts = sql(
  'catalog.variants-of-products',
  `SELECT page.* FROM unnest($3::uuid[]) AS wanted (product_id)
   CROSS JOIN LATERAL (
     SELECT ${view} FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
     WHERE v.tenant_id = $1 AND v.product_id = wanted.product_id AND v.position > $4 AND ${listed}
     ORDER BY v.position LIMIT $5
   ) page
   ORDER BY page."productId", page.position`,
);

const totalsByProduct = sql(
  'catalog.variant-totals',
  `SELECT v.product_id AS "productId", count(*)::integer AS total
   FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
   WHERE v.tenant_id = $1 AND v.product_id = ANY ($3::uuid[]) AND ${listed}
   GROUP BY v.product_id`,
);

export function variantsById(tx: Tx, isPublic: boolean, ids: readonly string[]) {
  return tx.query<VariantView>(byIds, [tx.tenantId, isPublic, ids]);
}

export function variantsBySku(tx: Tx, isPublic: boolean, skus: readonly string[]) {
  return tx.query<VariantView>(bySkus, [tx.tenantId, isPublic, skus.map(foldedIdentifier)]);
}

/** By the barcode or stock code; a GTIN in any of its forms. */
export function variantsByCode(tx: Tx, isPublic: boolean, codes: readonly string[]) {
  const values = [tx.tenantId, isPublic, codes.map(codeKey)];
  return tx.query<VariantView & { codeKey: string }>(byCodes, values);
}

export function variantsOfProducts(
  tx: Tx,
  isPublic: boolean,
  page: { productIds: readonly string[]; afterPosition: number; limit: number },
) {
  const { productIds, afterPosition, limit } = page;
  return tx.query<VariantView>(pageByProducts, [
    tx.tenantId,
    isPublic,
    productIds,
    afterPosition,
    limit,
  ]);
}

/** Every variant that these products have at present, in their order. */
export const allVariantsOf = (tx: Tx, productIds: readonly string[]) =>
  variantsOfProducts(tx, false, { productIds, afterPosition: 0, limit: variantsMax });

export function variantTotals(tx: Tx, isPublic: boolean, productIds: readonly string[]) {
  return tx.query<{ productId: string; total: number }>(totalsByProduct, [
    tx.tenantId,
    isPublic,
    productIds,
  ]);
}

const takenSkus = sql(
  'catalog.taken-skus',
  'SELECT sku_key AS sku FROM variant WHERE tenant_id = $1 AND sku_key = ANY ($2::text[])',
);
const skusWithPrefix = sql(
  'catalog.skus-with-prefix',
  `SELECT v.sku_key AS sku FROM unnest($2::text[], $3::text[]) AS wanted (low, high)
   JOIN variant v ON v.tenant_id = $1 AND v.sku_key >= wanted.low AND v.sku_key < wanted.high`,
);
const takenBarcodes = sql(
  'catalog.taken-barcodes',
  `SELECT barcode_key AS barcode FROM variant
   WHERE tenant_id = $1 AND barcode_key = ANY ($2::text[]) AND removed_at IS NULL`,
);

/** The keys of those of these SKUs that some variant of the tenant has, or had when it was removed. */
export async function skusTaken(tx: Tx, skus: readonly string[]): Promise<Set<string>> {
  if (skus.length === 0) return new Set();
  const rows = await tx.query<{ sku: string }>(takenSkus, [
    tx.tenantId,
    skus.map(foldedIdentifier),
  ]);
  return new Set(rows.map(({ sku }) => sku));
}

/** The key of every SKU that begins like one of these: among them the numbered ones that are already given. */
export async function skusBeginning(tx: Tx, prefixes: readonly string[]): Promise<Set<string>> {
  if (prefixes.length === 0) return new Set();
  const lows = prefixes.map(foldedIdentifier);
  // Ranges, and made here: below row-level security an index is not searched by starts_with or by what a statement
  // puts together itself.
  const highs = lows.map((low) => `${low}\u{10FFFF}`);
  const rows = await tx.query<{ sku: string }>(skusWithPrefix, [tx.tenantId, lows, highs]);
  return new Set(rows.map(({ sku }) => sku));
}

/** The keys of those of these barcodes that some variant of the tenant has. */
export async function barcodesTaken(tx: Tx, barcodes: readonly string[]): Promise<Set<string>> {
  if (barcodes.length === 0) return new Set();
  const rows = await tx.query<{ barcode: string }>(takenBarcodes, [
    tx.tenantId,
    barcodes.map(codeKey),
  ]);
  return new Set(rows.map(({ barcode }) => barcode));
}

const remove = sql(
  'catalog.variant-remove',
  `UPDATE variant SET removed_at = clock_timestamp(), is_active = false, updated_at = now()
   WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL RETURNING id`,
);

export async function removeVariantRow(tx: Tx, id: string): Promise<void> {
  exactlyOne(await tx.query(remove, [tx.tenantId, id]));
}

const removedOfProducts = sql(
  'catalog.variants-removed',
  `SELECT id, product_id AS "productId" FROM variant
   WHERE tenant_id = $1 AND product_id = ANY ($2::uuid[]) AND removed_at IS NOT NULL ORDER BY id`,
);

/** All variants that were ever removed from these products. */
export function removedVariants(tx: Tx, productIds: readonly string[]) {
  return tx.query<{ id: string; productId: string }>(removedOfProducts, [tx.tenantId, productIds]);
}
