import { sql, type Tx } from '@onecount/db';
import { foldedIdentifier, isStorable } from '@onecount/refusal';

const placesStatement = sql(
  'inventory.counts-places',
  `SELECT id, code, lower(name) AS name FROM location
   WHERE tenant_id = $1 AND (code = ANY ($2::text[]) OR lower(name) = ANY ($3::text[])) ORDER BY id`,
);

/** Locations whose code or name, without case, is among the texts. */
export function placesNamed(tx: Tx, texts: readonly string[]) {
  const given = texts.filter(isStorable);
  return tx.query<{ id: string; code: string; name: string }>(placesStatement, [
    tx.tenantId,
    given.map((text) => text.trim().toUpperCase()),
    given.map((text) => text.trim().toLowerCase()),
  ]);
}

const levelsStatement = sql(
  'inventory.counts-levels',
  `SELECT l.stock_item_id AS "stockItemId", l.location_id AS "locationId", l.on_hand AS "onHand",
     EXISTS (SELECT FROM movement m WHERE m.tenant_id = $1 AND m.stock_item_id = l.stock_item_id
       AND m.location_id = l.location_id) AS "isCounted"
   FROM level l JOIN unnest($2::uuid[], $3::uuid[]) AS k (item, place)
     ON l.stock_item_id = k.item AND l.location_id = k.place
   WHERE l.tenant_id = $1`,
);

export type CountedLevel = {
  stockItemId: string;
  locationId: string;
  onHand: number;
  isCounted: boolean;
};

export function countedLevels(
  tx: Tx,
  keys: readonly { stockItemId: string; locationId: string }[],
): Promise<CountedLevel[]> {
  const values = [tx.tenantId, keys.map((k) => k.stockItemId), keys.map((k) => k.locationId)];
  return tx.query<CountedLevel>(levelsStatement, values);
}

const countsStatement = sql(
  'inventory.counts',
  `SELECT i.sku, c.code AS "locationCode", l.on_hand AS "onHand"
   FROM stock_item i JOIN level l ON l.tenant_id = $1 AND l.stock_item_id = i.id
   JOIN location c ON c.tenant_id = $1 AND c.id = l.location_id
   WHERE i.tenant_id = $1 AND i.sku_key = ANY ($2::text[]) ORDER BY i.sku_key, c.code`,
);

export function stockCounts(tx: Tx, skus: readonly string[]) {
  return tx.query<{ sku: string; locationCode: string; onHand: number }>(countsStatement, [
    tx.tenantId,
    skus.filter(isStorable).map(foldedIdentifier),
  ]);
}
