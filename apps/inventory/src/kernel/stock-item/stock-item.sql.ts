import { exactlyOne, sql, type Database, type Tx } from '@onecount/db';
import { codeKey, foldedIdentifier, identifierOf } from '@onecount/refusal';
import type { KnownItem, Registration, StockItemRow } from './stock-item.ts';

const readStatement = sql(
  'inventory.stock-items',
  'SELECT stock_items_read($1, $2, $3, $4) AS items',
);

export type StockItemKeys = {
  ids?: readonly string[];
  variantIds?: readonly string[];
  skus?: readonly string[];
};

/** Items with their levels in one statement; in no order, unknown ones left out. */
export async function readStockItems(
  db: Database,
  tenantId: string,
  keys: StockItemKeys,
): Promise<StockItemRow[]> {
  const values = [tenantId, keys.ids ?? [], keys.variantIds ?? [], keys.skus ?? []];
  const [row] = await db.statement<{ items: StockItemRow[] }>(readStatement, values);
  for (const item of row!.items) for (const level of item.levels) level.stockItemId = item.id;
  return row!.items;
}

const skuKeys = (skus: readonly string[] = []): string[] => skus.map(foldedIdentifier);

const knownLockStatement = sql(
  'inventory.stock-item-known-lock',
  `SELECT id FROM stock_item WHERE tenant_id = $1 AND (variant_id = ANY ($2::uuid[]) OR sku_key = ANY ($3::text[]))
   ORDER BY id FOR NO KEY UPDATE`,
);
const knownStatement = sql(
  'inventory.stock-item-known',
  `SELECT i.id, i.variant_id AS "variantId", i.sku, i.tracking,
          EXISTS (SELECT FROM level l WHERE l.tenant_id = i.tenant_id AND l.stock_item_id = i.id)
            OR EXISTS (SELECT FROM stock_item_conversion v WHERE v.tenant_id = i.tenant_id AND v.stock_item_id = i.id) AS "hasHistory"
   FROM stock_item i WHERE i.tenant_id = $1 AND i.id = ANY ($2::uuid[])`,
);

/** The items with these variants or SKUs, locked; their history is read behind the lock, with whom it waited for. */
export async function lockKnownItems(tx: Tx, asked: readonly Registration[]): Promise<KnownItem[]> {
  const locked = await tx.query<{ id: string }>(knownLockStatement, [
    tx.tenantId,
    asked.map((item) => item.variantId),
    skuKeys(asked.map((item) => item.sku)),
  ]);
  return tx.query<KnownItem>(knownStatement, [tx.tenantId, locked.map(({ id }) => id)]);
}

// One write of each row says all: it stands in nine indexes.
const registrations = `unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $8::text[], $9::boolean[])
     AS r (variant_id, sku, tracking, title, backorder_limit, sku_key, is_on_sale)`;

// In the order of variants, so that two registrations that overlap wait for each other in one direction.
const insertStatement = sql(
  'inventory.stock-item-insert',
  `INSERT INTO stock_item
     (tenant_id, variant_id, sku, tracking, title, backorder_limit, source_version, is_on_sale, category)
   SELECT $1, r.variant_id, r.sku, r.tracking, r.title, coalesce(r.backorder_limit, 0), $7,
     coalesce(r.is_on_sale, false), CASE WHEN $10::boolean THEN left($11::text, 255) END
   FROM ${registrations}
   ORDER BY r.variant_id
   ON CONFLICT DO NOTHING RETURNING id`,
);

const updateStatement = sql(
  'inventory.stock-item-update',
  `UPDATE stock_item i SET variant_id = r.variant_id, sku = r.sku, tracking = r.tracking, title = r.title,
     backorder_limit = coalesce(r.backorder_limit, CASE WHEN r.tracking = 'QUANTITY' THEN i.backorder_limit ELSE 0 END),
     source_version = greatest(i.source_version, $7), updated_at = clock_timestamp(),
     is_on_sale = coalesce(r.is_on_sale, i.is_on_sale),
     category = CASE WHEN $10::boolean THEN left($11::text, 255) ELSE i.category END
   FROM ${registrations}
   WHERE i.tenant_id = $1 AND i.source_version <= $7
     AND (i.variant_id = r.variant_id OR (i.variant_id IS NULL AND i.sku_key = r.sku_key))
   RETURNING i.id, (old.variant_id, old.sku, old.tracking, old.title, old.backorder_limit, old.is_on_sale) IS DISTINCT FROM
     (new.variant_id, new.sku, new.tracking, new.title, new.backorder_limit, new.is_on_sale) AS "isChanged",
     (old.variant_id, old.sku, old.tracking) IS DISTINCT FROM (new.variant_id, new.sku, new.tracking) AS "isRenamed"`,
);
// The events of its levels and units say whose they are and how it is counted.
const republishStatement = sql('inventory.stock-items-republish', 'SELECT items_republish($1, $2)');

// The CHECK on a level sees its row only, so each level carries its item's limit.
// Locked in key order, as everybody does.
const backorderStatement = sql(
  'inventory.level-backorder-limit',
  `WITH due AS (
     SELECT l.stock_item_id, l.location_id, i.backorder_limit
     FROM stock_item i JOIN level l ON l.tenant_id = i.tenant_id AND l.stock_item_id = i.id
     WHERE i.tenant_id = $1 AND i.variant_id = ANY ($2::uuid[]) AND l.backorder_limit <> i.backorder_limit
     ORDER BY l.stock_item_id, l.location_id FOR NO KEY UPDATE OF l)
   UPDATE level l SET backorder_limit = due.backorder_limit, version = l.version + 1, updated_at = clock_timestamp()
   FROM due WHERE l.tenant_id = $1 AND l.stock_item_id = due.stock_item_id AND l.location_id = due.location_id`,
);

type Updated = { id: string; isChanged: boolean; isRenamed: boolean };

/**
 * Where it comes from: the version of the catalog's product, with what its event says of all its items; 0 for a
 * registration, which an event then overwrites. What is left out stays.
 */
export type Source = { version: number; category?: string | null };

/** Answers the items that are new or not as before. */
export async function upsertItems(
  tx: Tx,
  asked: readonly Registration[],
  { version, category }: Source,
): Promise<string[]> {
  const values = [
    tx.tenantId,
    asked.map((item) => item.variantId),
    asked.map((item) => identifierOf(item.sku)),
    asked.map((item) => item.tracking),
    asked.map((item) => item.title),
    asked.map((item) => item.backorderLimit ?? null),
    version,
    skuKeys(asked.map((item) => item.sku)),
    asked.map((item) => item.isOnSale ?? null),
    category !== undefined,
    category ?? null,
  ];
  const updated = await tx.query<Updated>(updateStatement, values);
  const inserted = await tx.query<{ id: string }>(insertStatement, values);
  // The insert waited for a registration that nobody saw before, and left its item to it: it is here now.
  const isMissing = updated.length + inserted.length < asked.length;
  if (isMissing) updated.push(...(await tx.query<Updated>(updateStatement, values)));
  await tx.query(backorderStatement, [tx.tenantId, asked.map((item) => item.variantId)]);
  const renamed = updated.filter(({ isRenamed }) => isRenamed).map(({ id }) => id);
  if (renamed.length > 0) await tx.query(republishStatement, [tx.tenantId, renamed]);
  return [...updated.filter(({ isChanged }) => isChanged), ...inserted].map(({ id }) => id);
}

const seenStatement = sql(
  'inventory.stock-item-seen',
  `UPDATE stock_item SET source_version = $3, updated_at = clock_timestamp()
   WHERE tenant_id = $1 AND variant_id = ANY ($2::uuid[]) AND source_version < $3 RETURNING id`,
);

/** Items that took this version of their product in and could not follow it; an older one is not new to them. */
export async function markSeen(
  tx: Tx,
  variantIds: readonly string[],
  sourceVersion: number,
): Promise<string[]> {
  const values = [tx.tenantId, variantIds, sourceVersion];
  const seen = await tx.query<{ id: string }>(seenStatement, values);
  return seen.map(({ id }) => id);
}

const nameStatement = sql(
  'inventory.stock-item-name',
  'SELECT sku, title FROM stock_item WHERE tenant_id = $1 AND id = $2',
);

/** What a message calls an item that is there. */
export async function selectItemName(
  tx: Tx,
  stockItemId: string,
): Promise<{ sku: string; title: string }> {
  return exactlyOne(
    await tx.query<{ sku: string; title: string }>(nameStatement, [tx.tenantId, stockItemId]),
  );
}

const onSaleStatement = sql(
  'inventory.stock-item-on-sale',
  `UPDATE stock_item i SET is_on_sale = r.is_on_sale, updated_at = clock_timestamp()
   FROM unnest($2::uuid[], $3::boolean[]) AS r (variant_id, is_on_sale)
   WHERE i.tenant_id = $1 AND i.variant_id = r.variant_id AND i.source_version <= $4
     AND i.is_on_sale <> r.is_on_sale
   RETURNING i.id`,
);

/** After the registration of the same version of the product; an older version changes nothing. Answers who changed. */
export async function setOnSale(
  tx: Tx,
  variants: readonly { variantId: string; isOnSale: boolean }[],
  sourceVersion: number,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(onSaleStatement, [
    tx.tenantId,
    variants.map(({ variantId }) => variantId),
    variants.map(({ isOnSale }) => isOnSale),
    sourceVersion,
  ]);
  return rows.map(({ id }) => id);
}

const categoryStatement = sql(
  'inventory.stock-item-category',
  `UPDATE stock_item SET category = left($3, 255), updated_at = clock_timestamp()
   WHERE tenant_id = $1 AND variant_id = ANY ($2::uuid[]) AND source_version <= $4
     AND category IS DISTINCT FROM left($3, 255)`,
);

/** As `setOnSale`. */
export async function setCategory(
  tx: Tx,
  variantIds: readonly string[],
  category: string | null,
  sourceVersion: number,
): Promise<void> {
  await tx.query(categoryStatement, [tx.tenantId, variantIds, category, sourceVersion]);
}

/**
 * Items of variants that were removed keep their stock, history and SKU; nobody sees them on sale, and their barcode
 * is free for another variant. An older version changes nothing, and none that comes later undoes it. Answers the
 * items that were on sale.
 */
export async function retireItems(
  tx: Tx,
  variantIds: readonly string[],
  sourceVersion: number,
): Promise<string[]> {
  if (variantIds.length === 0) return [];
  await markSeen(tx, variantIds, sourceVersion);
  const offSale = variantIds.map((variantId) => ({ variantId, isOnSale: false }));
  const changed = await setOnSale(tx, offSale, sourceVersion);
  await tx.query(barcodeDeleteStatement, [
    tx.tenantId,
    variantIds,
    variantIds.map(() => null),
    sourceVersion,
  ]);
  return changed;
}

const selectOnSaleStatement = sql(
  'inventory.stock-items-on-sale',
  `SELECT id, sku FROM stock_item
   WHERE tenant_id = $1 AND is_on_sale AND (id = ANY ($2::uuid[]) OR sku_key = ANY ($3::text[]))`,
);

/** Those of the items that a public shop may know of. */
export function selectOnSale(
  tx: Tx,
  { ids = [], skus = [] }: Pick<StockItemKeys, 'ids' | 'skus'>,
): Promise<{ id: string; sku: string }[]> {
  return tx.query<{ id: string; sku: string }>(selectOnSaleStatement, [
    tx.tenantId,
    ids,
    skuKeys(skus),
  ]);
}

const barcodeDeleteStatement = sql(
  'inventory.stock-code-barcode-delete',
  `DELETE FROM stock_code c USING stock_item i, unnest($2::uuid[], $3::text[]) AS r (variant_id, code_key)
   WHERE c.tenant_id = $1 AND i.tenant_id = $1 AND i.variant_id = r.variant_id AND c.stock_item_id = i.id
     AND i.source_version <= $4 AND c.kind = 'BARCODE' AND c.code_key IS DISTINCT FROM r.code_key`,
);
// A code that a tag has already stays the tag's: what was given by hand wins over what was imported.
const barcodeInsertStatement = sql(
  'inventory.stock-code-barcode-insert',
  `INSERT INTO stock_code (tenant_id, code, stock_item_id, kind, actor)
   SELECT $1, r.barcode, i.id, 'BARCODE', 'catalog'
   FROM unnest($2::uuid[], $3::text[]) AS r (variant_id, barcode)
   JOIN stock_item i ON i.tenant_id = $1 AND i.variant_id = r.variant_id AND i.source_version <= $4
   WHERE length(r.barcode) BETWEEN 1 AND 255
   ORDER BY r.barcode
   ON CONFLICT DO NOTHING`,
);

/** Makes the barcodes of these variants scannable, and former ones no longer; an older version changes nothing. */
export async function replaceBarcodes(
  tx: Tx,
  asked: readonly Registration[],
  sourceVersion: number,
): Promise<void> {
  const values = (barcodes: (string | null)[]) => [
    tx.tenantId,
    asked.map((item) => item.variantId),
    barcodes,
    sourceVersion,
  ];
  const given = asked.map(({ barcode }) => (barcode ? identifierOf(barcode) : null));
  const keys = given.map((barcode) => barcode && codeKey(barcode));
  await tx.query(barcodeDeleteStatement, values(keys));
  await tx.query(barcodeInsertStatement, values(given));
}
