import { exactlyOne, sql, type Database, type Tx } from '@onecount/db';
import type { PriceBookEntry, PriceEntry } from './price.ts';

const applyStatement = sql('pos.price-apply', 'SELECT price_book_apply($1, $2, $3, $4) AS applied');

/** False when a newer version of the product was applied before. */
export async function applyProduct(
  tx: Tx,
  product: { productId: string; version: number; entries: PriceBookEntry[] },
): Promise<boolean> {
  const values = [tx.tenantId, product.productId, product.version, JSON.stringify(product.entries)];
  return exactlyOne(await tx.query<{ applied: boolean }>(applyStatement, values)).applied;
}

const bySkuStatement = sql('pos.price-by-sku', 'SELECT price_by_sku($1, $2) AS entry');

export async function priceBySku(
  db: Database,
  { tenantId, sku }: { tenantId: string; sku: string },
): Promise<PriceEntry | null> {
  const rows = await db.read(tenantId, (tx) =>
    tx.query<{ entry: PriceEntry | null }>(bySkuStatement, [tenantId, sku]),
  );
  return rows[0]?.entry ?? null;
}

const bySkusStatement = sql('pos.prices-by-sku', 'SELECT prices_by_sku($1, $2) AS prices');

/** By SKU; one that POS does not know is not there. */
export async function pricesBySku(
  tx: Tx,
  skus: readonly string[],
): Promise<Record<string, PriceEntry>> {
  type Row = { prices: Record<string, PriceEntry> };
  return exactlyOne(await tx.query<Row>(bySkusStatement, [tx.tenantId, skus])).prices;
}

// Kept only until the product's own event comes: it replaces every variant of the product. What an
// event of this version or a newer one has said already is never overwritten by an older answer.
const rememberStatement = sql(
  'pos.price-remember',
  `INSERT INTO price_book (tenant_id, variant_id, product_id, sku, title, status, is_active, tracking,
                           price_minor, currency_code)
   SELECT $1, $2, $3, $5, $6, $7, $8, $9, $10, $11
    WHERE NOT EXISTS (SELECT FROM price_book_product
                       WHERE tenant_id = $1 AND product_id = $3 AND version >= $4)
   ON CONFLICT ON CONSTRAINT price_book_pkey DO NOTHING`,
);

export async function rememberPrice(
  tx: Tx,
  { productId, version, entry }: { productId: string; version: number; entry: PriceEntry },
): Promise<void> {
  const { variantId, sku, title, status, isActive, tracking, priceMinor, currencyCode } = entry;
  await tx.query(rememberStatement, [
    tx.tenantId,
    variantId,
    productId,
    version,
    sku,
    title,
    status,
    isActive,
    tracking,
    priceMinor,
    currencyCode,
  ]);
}
