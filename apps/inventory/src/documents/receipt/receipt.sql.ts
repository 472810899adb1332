import { sql, type Tx } from '@onecount/db';
import { codeKey, foldedIdentifier, isStorable } from '@onecount/refusal';
import { locationCodeOf } from '../../kernel/location/location.sql.ts';
import { withStockNumbers } from '../../kernel/setting/stock-number.sql.ts';
import type { UnitInput } from './receipt.ts';

type Found = { id: string; sku: string; title: string; tracking: 'NONE' | 'QUANTITY' | 'SERIAL' };

// Shared: the tracking must not be switched while goods are being received under it.
const itemsStatement = sql(
  'inventory.receipt-items',
  `SELECT id, sku, title, tracking FROM stock_item
   WHERE tenant_id = $1 AND sku_key = ANY ($2::text[]) ORDER BY id FOR SHARE`,
);

// Here and below: a text that cannot be stored is nobody's; in a list it would fail the others.
export function lockItemsBySku(tx: Tx, skus: readonly string[]): Promise<Found[]> {
  return tx.query<Found>(itemsStatement, [
    tx.tenantId,
    skus.filter(isStorable).map(foldedIdentifier),
  ]);
}

const placesStatement = sql(
  'inventory.receipt-locations',
  `SELECT id, code FROM location
   WHERE tenant_id = $1 AND (code = ANY ($2::text[]) OR id::text = ANY ($2::text[]))`,
);

export function selectPlaces(
  tx: Tx,
  places: readonly string[],
): Promise<{ id: string; code: string }[]> {
  return tx.query<{ id: string; code: string }>(placesStatement, [
    tx.tenantId,
    places.filter(isStorable).flatMap((place) => [place, locationCodeOf(place)]),
  ]);
}

const namesStatement = sql(
  'inventory.receipt-names',
  `SELECT 'SERIAL' AS kind, stock_item_id || '/' || serial AS name FROM serial_unit
   WHERE tenant_id = $1 AND serial = ANY ($2::text[])
   UNION ALL SELECT 'NUMBER', stock_number_key FROM serial_unit WHERE tenant_id = $1 AND stock_number_key = ANY ($3::text[])
   UNION ALL SELECT 'CODE', code_key FROM stock_code WHERE tenant_id = $1 AND code_key = ANY ($4::text[])`,
);

export type TakenName = { kind: 'SERIAL' | 'NUMBER' | 'CODE'; name: string };

/** Which of the units' serials, and which of the keys of their numbers and codes, the tenant has already. */
export function selectTakenNames(tx: Tx, units: readonly UnitInput[]): Promise<TakenName[]> {
  if (units.length === 0) return Promise.resolve([]);
  const given = (names: readonly (string | null | undefined)[]) =>
    names.flatMap((name) => (name && isStorable(name) ? name : []));
  return tx.query<TakenName>(namesStatement, [
    tx.tenantId,
    given(units.map((unit) => unit.serial)),
    given(units.map((unit) => unit.stockNumber)).map(foldedIdentifier),
    given(units.flatMap((unit) => unit.codes ?? [])).map(codeKey),
  ]);
}

export type NewUnit = {
  id: string;
  stockItemId: string;
  locationId: string;
  serial: string | null;
  stockNumber: string | null;
  certificate: object | null;
  attributes: { key: string; value: string }[];
  photos: string[];
  codes: string[];
  isLookAlike: boolean;
  costMinor: number | null;
  costCurrency: string | null;
};

const unitsStatement = sql(
  'inventory.serial-unit-insert',
  `INSERT INTO serial_unit (tenant_id, id, stock_item_id, location_id, serial, stock_number, certificate, attributes, photos,
     cost_minor, cost_currency, is_look_alike)
   SELECT $1, x.id, x."stockItemId", x."locationId", x.serial, x."stockNumber", x.certificate, x.attributes, x.photos,
     x."costMinor", x."costCurrency", x."isLookAlike"
   FROM jsonb_to_recordset($2) AS x (id uuid, "stockItemId" uuid, "locationId" uuid, serial text, "stockNumber" text,
     "isLookAlike" boolean, certificate jsonb, attributes jsonb, photos jsonb, "costMinor" bigint, "costCurrency" text)`,
);
const codesStatement = sql(
  'inventory.stock-code-insert',
  `INSERT INTO stock_code (tenant_id, code, stock_item_id, serial_unit_id, actor)
   SELECT $1, c.code, x."stockItemId", x.id, $3
   FROM jsonb_to_recordset($2) AS x (id uuid, "stockItemId" uuid, codes jsonb),
     LATERAL jsonb_array_elements_text(x.codes) AS c (code)`,
);
const publishStatement = sql('inventory.unit-publish-new', 'SELECT unit_publish($1, $2, $3)');

/**
 * New units with their codes, and with a stock number where the tenant has a pattern for them; the unique
 * constraints refuse what a concurrent receipt brought first. The levels are locked.
 */
export async function insertUnits(tx: Tx, units: readonly NewUnit[], actor: string): Promise<void> {
  if (units.length === 0) return;
  const rows = JSON.stringify(await withStockNumbers(tx, units));
  await tx.query(unitsStatement, [tx.tenantId, rows]);
  await tx.query(codesStatement, [tx.tenantId, rows, actor]);
}

export async function publishUnits(
  tx: Tx,
  ids: readonly string[],
  traceparent: string | null,
): Promise<void> {
  if (ids.length > 0) await tx.query(publishStatement, [tx.tenantId, ids, traceparent]);
}
