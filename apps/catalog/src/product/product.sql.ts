import { sql, type Tx } from '@onecount/db';
import { foldedIdentifier, isUuid } from '@onecount/refusal';
import { formerHandlesBeginning, productThatLeft } from './product-handle.sql.ts';
import type { MediaRow, ProductOptionRow, ProductRow } from './product.entity.ts';

const columns = `p.tenant_id AS "tenantId", p.id, p.version, p.handle, p.title,
  p.description_html AS "descriptionHtml", p.vendor_id AS "vendorId",
  p.category_id AS "categoryId", p.product_type AS "productType", p.tags, p.status,
  p.is_unlisted AS "isUnlisted", p.is_listed_on_website AS "isListedOnWebsite", p.product_group_id AS "productGroupId", p.seo_title AS "seoTitle",
  p.seo_description AS "seoDescription", p.style_number AS "styleNumber", p.metadata,
  p.created_by AS "createdBy", p.updated_by AS "updatedBy",
  p.created_at AS "createdAt", p.updated_at AS "updatedAt", p.deleted_at AS "deletedAt",
  p.merged_into_id AS "mergedIntoId"`;

// $2 is whether the caller sees active products only.
const visible = `p.tenant_id = $1 AND p.deleted_at IS NULL AND (NOT $2 OR p.status = 'ACTIVE')`;

// Sales and passports name a deleted product; a public shop does not see it.
const byIds = sql(
  'catalog.products-by-id',
  `SELECT ${columns} FROM product p
   WHERE p.tenant_id = $1 AND (NOT $2 OR (p.status = 'ACTIVE' AND p.deleted_at IS NULL)) AND p.id = ANY ($3::uuid[])`,
);
const byHandle = sql(
  'catalog.product-by-handle',
  `SELECT ${columns} FROM product p WHERE ${visible} AND p.handle = $3`,
);

export function productsById(tx: Tx, isPublic: boolean, ids: readonly string[]) {
  return tx.query<ProductRow>(byIds, [tx.tenantId, isPublic, ids]);
}

/** Undefined for what is no id, too: PostgreSQL would answer it with an error. */
export async function productById(tx: Tx, id: string): Promise<ProductRow | undefined> {
  return isUuid(id) ? (await productsById(tx, false, [id]))[0] : undefined;
}

/** By its address, or by one that it has left. */
export async function productByHandle(tx: Tx, isPublic: boolean, handle: string) {
  const folded = foldedIdentifier(handle);
  const [product] = await tx.query<ProductRow>(byHandle, [tx.tenantId, isPublic, folded]);
  if (product !== undefined) return product;
  const formerOwner = await productThatLeft(tx, folded);
  if (formerOwner === undefined) return undefined;
  const [moved] = await productsById(tx, isPublic, [formerOwner]);
  return moved?.deletedAt === null ? moved : undefined;
}

const pageOfGroup = sql(
  'catalog.products-of-group',
  `SELECT ${columns} FROM product p
   WHERE ${visible} AND NOT ($2 AND p.is_unlisted) AND p.product_group_id = $3
     AND ($4::uuid IS NULL OR p.id > $4)
   ORDER BY p.id LIMIT $5`,
);

export function productsOfGroup(
  tx: Tx,
  isPublic: boolean,
  page: { groupId: string; afterId: string | undefined; limit: number },
) {
  const values = [tx.tenantId, isPublic, page.groupId, page.afterId ?? null, page.limit];
  return tx.query<ProductRow>(pageOfGroup, values);
}

const optionsByProducts = sql(
  'catalog.options-of-products',
  `SELECT tenant_id AS "tenantId", product_id AS "productId", position, name, option_values AS "values"
   FROM product_option WHERE tenant_id = $1 AND product_id = ANY ($2::uuid[])
   ORDER BY product_id, position`,
);
const mediaByProducts = sql(
  'catalog.media-of-products',
  `SELECT tenant_id AS "tenantId", id, product_id AS "productId", position, url, alt
   FROM media WHERE tenant_id = $1 AND product_id = ANY ($2::uuid[])
   ORDER BY product_id, position`,
);
const mediaByIds = sql(
  'catalog.media-by-id',
  `SELECT tenant_id AS "tenantId", id, product_id AS "productId", position, url, alt
   FROM media WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
);

export function optionsOfProducts(tx: Tx, productIds: readonly string[]) {
  return tx.query<ProductOptionRow>(optionsByProducts, [tx.tenantId, productIds]);
}

export function mediaOfProducts(tx: Tx, productIds: readonly string[]) {
  return tx.query<MediaRow>(mediaByProducts, [tx.tenantId, productIds]);
}

export function mediaById(tx: Tx, ids: readonly string[]) {
  return tx.query<MediaRow>(mediaByIds, [tx.tenantId, ids]);
}

const handlesLike = sql(
  'catalog.handles-like',
  `SELECT handle FROM product
   WHERE tenant_id = $1 AND deleted_at IS NULL AND (handle = $2 OR starts_with(handle, $2 || '-'))`,
);

/** The handle itself and everything that continues it with a dash. */
export async function handlesBeginning(tx: Tx, handle: string): Promise<Set<string>> {
  const rows = await tx.query<{ handle: string }>(handlesLike, [tx.tenantId, handle]);
  return new Set(rows.map((row) => row.handle));
}

/**
 * Handles that a new product cannot have, of those that begin like this one. A name by chance leaves old addresses alone;
 * one that was asked for takes them over.
 */
export async function unfreeHandles(
  tx: Tx,
  handle: string,
  { isAskedFor }: { isAskedFor: boolean },
): Promise<Set<string>> {
  const handles = await handlesBeginning(tx, handle);
  if (!isAskedFor) for (const left of await formerHandlesBeginning(tx, handle)) handles.add(left);
  return handles;
}

const lockHandleText = sql(
  'catalog.handle-lock',
  `SELECT pg_advisory_xact_lock(key) FROM (
     SELECT DISTINCT hashtextextended($1::text || '/handle/' || handle, 0) AS key FROM unnest($2::text[]) handle
     ORDER BY key
   ) in_order`,
);

export const lockHandle = (tx: Tx, handle: string) => lockHandles(tx, [handle]);

/** Until the end of the transaction nobody else makes a product that wants one of these handles. */
export async function lockHandles(tx: Tx, handles: readonly string[]): Promise<void> {
  await tx.query(lockHandleText, [tx.tenantId, handles]);
}

const lockById = sql(
  'catalog.product-lock',
  `SELECT ${columns} FROM product p
   WHERE p.tenant_id = $1 AND p.id = $2 AND p.deleted_at IS NULL FOR UPDATE`,
);
const lockByHandles = sql(
  'catalog.product-lock-by-handle',
  `SELECT ${columns} FROM product p
   WHERE p.tenant_id = $1 AND p.handle = ANY ($2::text[]) AND p.deleted_at IS NULL ORDER BY p.id FOR UPDATE`,
);
const bumpVersions = sql(
  'catalog.product-bump-version',
  `UPDATE product SET version = version + 1, updated_at = now(),
     updated_by = nullif(current_setting('app.actor', true), '')
   WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) RETURNING id`,
);

/**
 * Locks the product for a change: events of one product are ordered by this lock. Undefined for what is no id,
 * too: PostgreSQL would answer it with an error.
 */
export async function lockProduct(tx: Tx, id: string): Promise<ProductRow | undefined> {
  if (!isUuid(id)) return undefined;
  return (await tx.query<ProductRow>(lockById, [tx.tenantId, id]))[0];
}

const lockOfVariants = sql(
  'catalog.product-lock-of-variants',
  `SELECT p.id FROM product p
   WHERE p.tenant_id = $1 AND p.id IN (
     SELECT v.product_id FROM variant v WHERE v.tenant_id = $1 AND v.id = ANY ($2::uuid[]))
   ORDER BY p.id FOR UPDATE`,
);

/** The products of these variants, in key order. */
export async function lockProductsOfVariants(tx: Tx, variantIds: readonly string[]): Promise<void> {
  await tx.query(lockOfVariants, [tx.tenantId, variantIds]);
}

/** Those that are there, locked in key order. */
export function lockProductsByHandle(tx: Tx, handles: readonly string[]): Promise<ProductRow[]> {
  return tx.query<ProductRow>(lockByHandles, [tx.tenantId, handles]);
}

/** The products are locked. */
export async function bumpProductVersions(tx: Tx, ids: readonly string[]): Promise<void> {
  const rows = await tx.query(bumpVersions, [tx.tenantId, ids]);
  if (rows.length !== ids.length) throw new Error('a product that changed is gone');
}
