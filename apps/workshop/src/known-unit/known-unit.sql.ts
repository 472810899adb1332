import { newestWins, sql, type Tx } from '@onecount/db';
import { identifierOf } from '@onecount/refusal';
import type { SerialUnitChanged } from '@onecount/events';
import type { KnownUnit, UnitReference } from './known-unit.ts';

const unitById = sql(
  'known-unit.by-id',
  'SELECT id, sku FROM known_unit WHERE tenant_id = $1 AND id = $2',
);

// The serial value wins where one unit's stock number is another's serial.
const unitBySerial = sql(
  'known-unit.by-serial',
  `SELECT id, sku FROM known_unit
   WHERE tenant_id = $1 AND sku_key = identifier_key($2) AND (serial = $3 OR stock_number_key = identifier_key($3))
   ORDER BY (serial = $3) DESC NULLS LAST, id LIMIT 1`,
);

export async function findUnit(tx: Tx, reference: UnitReference): Promise<KnownUnit | undefined> {
  const rows =
    'serialUnitId' in reference
      ? await tx.query<KnownUnit>(unitById, [tx.tenantId, reference.serialUnitId])
      : await tx.query<KnownUnit>(unitBySerial, [
          tx.tenantId,
          reference.sku,
          identifierOf(reference.serial),
        ]);
  return rows[0];
}

const lockUnitsStatement = sql(
  'known-unit.lock',
  'SELECT id FROM known_unit WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE',
);

/**
 * Held by who opens a ticket and by who records a sale: of the two, the later one sees the other's
 * row, so the newest event of a ticket always says that its unit is sold.
 */
export async function lockUnits(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(lockUnitsStatement, [tx.tenantId, ids]);
}

const writeUnit = newestWins({
  name: 'known-unit.save',
  table: 'known_unit',
  key: ['id'],
  columns: ['sku', 'serial', 'stock_number', 'status'],
});

/** A stale version changes nothing. */
export async function saveUnit(tx: Tx, unit: SerialUnitChanged): Promise<void> {
  const { serialUnitId: id, version, sku, serial = null, stockNumber = null, status } = unit;
  await writeUnit(tx, { id, version, sku, serial, stock_number: stockNumber, status });
}

const saveSaleStatement = sql(
  'unit-sale.save',
  `INSERT INTO unit_sale AS k (tenant_id, serial_unit_id, sale_id, sold_at)
   SELECT $1, unit.id, $3, $4 FROM unnest($2::uuid[]) AS unit(id) ORDER BY unit.id
   ON CONFLICT ON CONSTRAINT unit_sale_pkey DO UPDATE SET
     sale_id = excluded.sale_id, sold_at = excluded.sold_at
   WHERE k.sold_at < excluded.sold_at
   RETURNING serial_unit_id AS "serialUnitId"`,
);

/** Keeps the newest sale of each unit; returns the units for which it is news. */
export async function saveSale(
  tx: Tx,
  sale: { serialUnitIds: readonly string[]; saleId: string; soldAt: string },
): Promise<string[]> {
  const values = [tx.tenantId, sale.serialUnitIds, sale.saleId, sale.soldAt];
  const rows = await tx.query<{ serialUnitId: string }>(saveSaleStatement, values);
  return rows.map((row) => row.serialUnitId);
}

const endSaleStatement = sql(
  'unit-sale.end',
  `DELETE FROM unit_sale WHERE tenant_id = $1 AND serial_unit_id = ANY ($2::uuid[]) AND sale_id = $3
   RETURNING serial_unit_id AS "serialUnitId"`,
);

/** They came back of that sale; returns those whose newest sale it was. */
export async function endSale(
  tx: Tx,
  sale: { serialUnitIds: readonly string[]; saleId: string },
): Promise<string[]> {
  const values = [tx.tenantId, sale.serialUnitIds, sale.saleId];
  const rows = await tx.query<{ serialUnitId: string }>(endSaleStatement, values);
  return rows.map((row) => row.serialUnitId);
}
