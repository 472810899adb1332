import { sql, type Tx } from '@onecount/db';
import type { UnitFacts } from './unit-facts.ts';

export type SuccessionItem = {
  id: string;
  sku: string;
  title: string;
  tracking: 'NONE' | 'QUANTITY' | 'SERIAL';
};

const itemsStatement = sql(
  'inventory.unit-succession-items',
  `SELECT id, sku, title, tracking FROM stock_item
   WHERE tenant_id = $1 AND (id = $2 OR sku_key = identifier_key($3)) ORDER BY id FOR SHARE`,
);

/** The old unit's item and the one that the new piece is a unit of; `sku` null for the same. */
export function lockItemsOfSuccession(
  tx: Tx,
  of: { stockItemId: string; sku: string | null },
): Promise<SuccessionItem[]> {
  return tx.query<SuccessionItem>(itemsStatement, [tx.tenantId, of.stockItemId, of.sku]);
}

const insertStatement = sql(
  'inventory.unit-successor-insert',
  `INSERT INTO serial_unit (tenant_id, id, stock_item_id, location_id, predecessor_id, serial, stock_number,
     is_look_alike, condition, certificate, attributes, photos, cost_minor, cost_currency)
   SELECT $1, $2, $3, $4, $5, $6, $7, $9, x.condition, x.certificate, coalesce(x.attributes, '[]'), coalesce(x.photos, '[]'),
     x."costMinor", x."costCurrency"
   FROM jsonb_to_record($8) AS x (condition text, certificate jsonb, attributes jsonb, photos jsonb,
     "costMinor" bigint, "costCurrency" text)`,
);

export type NewSuccessor = {
  id: string;
  stockItemId: string;
  locationId: string;
  predecessorId: string;
  serial: string | null;
  isLookAlike: boolean;
  stockNumber: string;
  facts: UnitFacts;
};

export async function insertSuccessor(tx: Tx, unit: NewSuccessor): Promise<void> {
  await tx.query(insertStatement, [
    tx.tenantId,
    unit.id,
    unit.stockItemId,
    unit.locationId,
    unit.predecessorId,
    unit.serial,
    unit.stockNumber,
    JSON.stringify(unit.facts),
    unit.isLookAlike,
  ]);
}
