import { sql, type Tx } from '@onecount/db';
import type { VariantRow } from '../variant/variant.entity.ts';
import type { MediaRow, ProductOptionRow, ProductRow } from './product.entity.ts';

// Rows of many products at once, one statement for each table: a product costs its rows and no round trips of its own.

/** What is written of a product; the other columns have defaults or belong to other uses. */
export type ProductColumns = Pick<
  ProductRow,
  | 'id'
  | 'title'
  | 'descriptionHtml'
  | 'vendorId'
  | 'categoryId'
  | 'productType'
  | 'tags'
  | 'status'
  | 'isUnlisted'
  | 'productGroupId'
  | 'seoTitle'
  | 'seoDescription'
  | 'styleNumber'
  | 'metadata'
>;
export type NewProductRow = ProductColumns & { handle: string };

const productRecord = `(id uuid, handle text, title text, "descriptionHtml" text, "vendorId" uuid, "categoryId" uuid,
  "productType" text, tags text[], status text, "isUnlisted" boolean, "productGroupId" uuid, "seoTitle" text,
  "seoDescription" text, "styleNumber" text, metadata jsonb)`;
const insertProducts = sql(
  'catalog.rows-products-insert',
  `INSERT INTO product (tenant_id, id, version, handle, title, description_html, vendor_id, category_id, product_type,
     tags, status, is_unlisted, is_listed_on_website, product_group_id, seo_title, seo_description, style_number, metadata)
   SELECT $1, n.id, 1, n.handle, n.title, n."descriptionHtml", n."vendorId", n."categoryId", n."productType",
     n.tags, n.status, n."isUnlisted", true, n."productGroupId", n."seoTitle", n."seoDescription", n."styleNumber", n.metadata
   FROM jsonb_to_recordset($2::jsonb) AS n ${productRecord}`,
);
const updateProducts = sql(
  'catalog.rows-products-update',
  `UPDATE product p SET version = p.version + 1, updated_at = now(),
     updated_by = nullif(current_setting('app.actor', true), ''),
     title = n.title, description_html = n."descriptionHtml", vendor_id = n."vendorId", category_id = n."categoryId",
     product_type = n."productType", tags = n.tags, status = n.status, is_unlisted = n."isUnlisted",
     product_group_id = n."productGroupId", seo_title = n."seoTitle", seo_description = n."seoDescription",
     style_number = n."styleNumber", metadata = n.metadata
   FROM jsonb_to_recordset($2::jsonb) AS n ${productRecord}
   WHERE p.tenant_id = $1 AND p.id = n.id`,
);
const optionRecord = '("productId" uuid, position smallint, name text, values text[])';
const insertOptions = sql(
  'catalog.rows-options-insert',
  `INSERT INTO product_option (tenant_id, product_id, position, name, option_values)
   SELECT $1, n."productId", n.position, n.name, n.values FROM jsonb_to_recordset($2::jsonb) AS n ${optionRecord}`,
);
const updateOptions = sql(
  'catalog.rows-options-update',
  `UPDATE product_option o SET option_values = n.values FROM jsonb_to_recordset($2::jsonb) AS n ${optionRecord}
   WHERE o.tenant_id = $1 AND o.product_id = n."productId" AND o.position = n.position`,
);
const insertMedia = sql(
  'catalog.rows-media-insert',
  `INSERT INTO media (tenant_id, id, product_id, position, url, alt)
   SELECT $1, n.id, n."productId", n.position, n.url, n.alt
   FROM jsonb_to_recordset($2::jsonb) AS n (id uuid, "productId" uuid, position integer, url text, alt text)`,
);
const variantRecord = `(id uuid, "productId" uuid, position integer, sku text, barcode text, title text, "optionValues" text[],
  "currencyCode" char(3), "priceMinor" bigint, "compareAtPriceMinor" bigint, "costMinor" bigint, tracking text,
  "isActive" boolean, "isTaxable" boolean, "taxCode" text, "requiresShipping" boolean, "weightGrams" integer,
  "weightUnit" text, "mediaId" uuid)`;
const insertVariants = sql(
  'catalog.rows-variants-insert',
  `INSERT INTO variant (tenant_id, id, product_id, position, sku, barcode, title, option_values, currency_code, price_minor,
     compare_at_price_minor, cost_minor, tracking, is_active, is_taxable, tax_code, requires_shipping, weight_grams, weight_unit,
     media_id)
   SELECT $1, n.id, n."productId", n.position, n.sku, n.barcode, n.title, n."optionValues", n."currencyCode", n."priceMinor",
     n."compareAtPriceMinor", n."costMinor", n.tracking, n."isActive", n."isTaxable", n."taxCode", n."requiresShipping", n."weightGrams", n."weightUnit",
     n."mediaId"
   FROM jsonb_to_recordset($2::jsonb) AS n ${variantRecord}`,
);
const updateVariants = sql(
  'catalog.rows-variants-update',
  `UPDATE variant v SET title = n.title, barcode = n.barcode, currency_code = n."currencyCode", price_minor = n."priceMinor",
     compare_at_price_minor = n."compareAtPriceMinor", cost_minor = n."costMinor", is_taxable = n."isTaxable", tax_code = n."taxCode",
     requires_shipping = n."requiresShipping", weight_grams = n."weightGrams", weight_unit = n."weightUnit", media_id = n."mediaId", updated_at = now()
   FROM jsonb_to_recordset($2::jsonb) AS n ${variantRecord}
   WHERE v.tenant_id = $1 AND v.id = n.id`,
);

async function write(tx: Tx, statement: typeof insertProducts, rows: readonly object[]) {
  if (rows.length > 0) await tx.query(statement, [tx.tenantId, JSON.stringify(rows)]);
}

export const insertProductRows = (tx: Tx, rows: readonly NewProductRow[]) =>
  write(tx, insertProducts, rows);

/** Each gets its next version with it. The products are locked. */
export const updateProductRows = (tx: Tx, rows: readonly ProductColumns[]) =>
  write(tx, updateProducts, rows);

export const insertOptionRows = (tx: Tx, rows: readonly ProductOptionRow[]) =>
  write(tx, insertOptions, rows);

export const updateOptionRows = (tx: Tx, rows: readonly ProductOptionRow[]) =>
  write(tx, updateOptions, rows);

export const insertMediaRows = (tx: Tx, rows: readonly MediaRow[]) => write(tx, insertMedia, rows);

export const insertVariantRows = (tx: Tx, rows: readonly VariantRow[]) =>
  write(tx, insertVariants, rows);

/** What a file can say of a variant that is there; SKU, options and tracking stay. */
export const updateVariantRows = (tx: Tx, rows: readonly VariantRow[]) =>
  write(tx, updateVariants, rows);
