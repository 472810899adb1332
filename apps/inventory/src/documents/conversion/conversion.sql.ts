import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Tracking } from '../../kernel/stock-item/stock-item.ts';
import type { ConversionRow, ConvertedItem, PlaceCount, UnitInStock } from './conversion.ts';

const itemColumns = 'id, sku, title, tracking, backorder_limit AS "backorderLimit"';
// Against receipts, transfers and whoever else reads the tracking under FOR SHARE. Not FOR UPDATE: that would
// stop the foreign keys of those who hold a level already and whom this waits for.
const lockStatement = sql(
  'inventory.conversion-item-lock',
  `SELECT ${itemColumns} FROM stock_item
   WHERE tenant_id = $1 AND (id = $2::uuid OR sku_key = identifier_key($3)) FOR NO KEY UPDATE`,
);

export async function lockItem(
  tx: Tx,
  wanted: { id: string | null; sku: string | null },
): Promise<ConvertedItem | undefined> {
  const values = [tx.tenantId, wanted.id, wanted.sku];
  const [item] = await tx.query<ConvertedItem>(lockStatement, values);
  return item;
}

const placesStatement = sql(
  'inventory.conversion-places',
  `SELECT l.location_id AS "locationId", c.code, l.on_hand AS "onHand", (
     SELECT count(*) FROM serial_unit u
     WHERE u.tenant_id = $1 AND u.stock_item_id = $2 AND u.location_id = l.location_id
       AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED'))::integer AS registered
   FROM level l JOIN location c ON c.tenant_id = l.tenant_id AND c.id = l.location_id
   WHERE l.tenant_id = $1 AND l.stock_item_id = $2 ORDER BY c.code`,
);

/** Under the locks of all levels of the item. */
export function selectPlaceCounts(tx: Tx, stockItemId: string): Promise<PlaceCount[]> {
  return tx.query<PlaceCount>(placesStatement, [tx.tenantId, stockItemId]);
}

const claimsStatement = sql(
  'inventory.conversion-claims',
  `SELECT count(*)::integer AS "holdCount", coalesce((array_agg(h.id ORDER BY h.id))[1:100], '{}') AS "holdIds"
   FROM hold h WHERE h.tenant_id = $1 AND h.stock_item_id = $2 AND h.status = 'LIVE'`,
);

/** Live holds of the item; expired ones were settled as its levels were locked. */
export async function selectClaims(
  tx: Tx,
  stockItemId: string,
): Promise<{ holdIds: string[]; holdCount: number }> {
  return exactlyOne(
    await tx.query<{ holdIds: string[]; holdCount: number }>(claimsStatement, [
      tx.tenantId,
      stockItemId,
    ]),
  );
}

const unitsStatement = sql(
  'inventory.conversion-units',
  `SELECT u.id, u.serial, u.stock_number AS "stockNumber", u.status, u.certificate IS NOT NULL AS "hasCertificate",
          u.has_passport AS "hasPassport"
   FROM serial_unit u
   WHERE u.tenant_id = $1 AND u.stock_item_id = $2 AND u.status NOT IN ('SOLD', 'LOST', 'SCRAPPED')
   ORDER BY u.id FOR NO KEY UPDATE`,
);

/** Locks what would have to be collapsed; what is sold, lost or gone stays as it is, as history. */
export function lockUnitsInStock(tx: Tx, stockItemId: string): Promise<UnitInStock[]> {
  return tx.query<UnitInStock>(unitsStatement, [tx.tenantId, stockItemId]);
}

const trackingStatement = sql(
  'inventory.conversion-tracking',
  `UPDATE stock_item SET tracking = $3, updated_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);
const republishStatement = sql(
  'inventory.conversion-republish',
  'SELECT item_levels_republish($1, $2)',
);
const insertStatement = sql(
  'inventory.conversion-insert',
  `INSERT INTO stock_item_conversion (tenant_id, stock_item_id, from_tracking, to_tracking, units, on_hand, actor)
   SELECT $1, $2, $3, $4, $5, coalesce(sum(l.on_hand), 0), $6 FROM level l WHERE l.tenant_id = $1 AND l.stock_item_id = $2
   RETURNING id`,
);

export type NewConversion = { to: Tracking; units: number; actor: string };

/** Writes how the item is counted from now on, and that it was changed; answers the conversion's id. */
export async function convertItem(
  tx: Tx,
  item: ConvertedItem,
  { to, units, actor }: NewConversion,
): Promise<string> {
  if (to !== item.tracking) {
    exactlyOne(await tx.query(trackingStatement, [tx.tenantId, item.id, to]));
    await tx.query(republishStatement, [tx.tenantId, item.id]);
  }
  const values = [tx.tenantId, item.id, item.tracking, to, units, actor];
  return exactlyOne(await tx.query<{ id: string }>(insertStatement, values)).id;
}

const registerStatement = sql(
  'inventory.conversion-register',
  'SELECT units_register($1, $2, $3, $4, $5, $6, $7, $8)',
);
const collapseStatement = sql(
  'inventory.conversion-collapse',
  'SELECT units_collapse($1, $2, $3, $4, $5, $6)',
);

export type Conversion = {
  id: string;
  stockItemId: string;
  actor: string;
  traceparent: string | null;
};

/** History, cost and events of units that were inserted for goods on hand; their own cost where they bring one. */
export async function registerUnits(
  tx: Tx,
  conversion: Conversion,
  units: readonly { id: string; costMinor: number | null; costCurrency: string | null }[],
): Promise<void> {
  if (units.length === 0) return;
  await tx.query(registerStatement, [
    tx.tenantId,
    conversion.stockItemId,
    units.map(({ id }) => id),
    units.map(({ costMinor }) => costMinor),
    units.map(({ costCurrency }) => costCurrency),
    conversion.id,
    conversion.actor,
    conversion.traceparent,
  ]);
}

export async function collapseUnits(
  tx: Tx,
  conversion: Conversion,
  unitIds: readonly string[],
): Promise<void> {
  if (unitIds.length === 0) return;
  const { id, stockItemId, actor, traceparent } = conversion;
  const values = [tx.tenantId, stockItemId, unitIds, id, actor, traceparent];
  await tx.query(collapseStatement, values);
}

const columns = `
  v.id, v.stock_item_id AS "stockItemId", v.from_tracking AS "fromTracking", v.to_tracking AS "toTracking", v.units,
  v.on_hand AS "onHand", v.actor, v.occurred_at AS "occurredAt"`;

const byIdsStatement = sql(
  'inventory.conversion-by-ids',
  `SELECT ${columns} FROM stock_item_conversion v WHERE v.tenant_id = $1 AND v.id = ANY ($2::uuid[])`,
);

export function selectConversions(tx: Tx, ids: readonly string[]): Promise<ConversionRow[]> {
  return tx.query<ConversionRow>(byIdsStatement, [tx.tenantId, ids]);
}

const pagesStatement = sql(
  'inventory.conversion-pages',
  `SELECT p.* FROM unnest($2::uuid[]) AS k (item)
   CROSS JOIN LATERAL (
     SELECT ${columns} FROM stock_item_conversion v
     WHERE v.tenant_id = $1 AND v.stock_item_id = k.item AND ($3::uuid IS NULL OR v.id < $3)
     ORDER BY v.id DESC LIMIT $4) p`,
);

/** One page per item, newest first. */
export function selectConversionPages(
  tx: Tx,
  stockItemIds: readonly string[],
  page: { before: string | undefined; limit: number },
): Promise<ConversionRow[]> {
  const values = [tx.tenantId, stockItemIds, page.before ?? null, page.limit];
  return tx.query<ConversionRow>(pagesStatement, values);
}

const formerStatement = sql(
  'inventory.unit-former-serials',
  `SELECT id, former_serial AS "formerSerial" FROM serial_unit WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
);

export function selectFormerSerials(
  tx: Tx,
  unitIds: readonly string[],
): Promise<{ id: string; formerSerial: string | null }[]> {
  return tx.query(formerStatement, [tx.tenantId, unitIds]);
}
