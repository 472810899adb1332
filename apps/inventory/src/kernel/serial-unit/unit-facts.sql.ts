import { sql, type Tx } from '@onecount/db';
import { unitColumns, type SerialUnitRow } from './serial-unit.sql.ts';
import type { UnitFacts } from './unit-facts.ts';

const lockStatement = sql(
  'inventory.unit-facts-lock',
  `SELECT ${unitColumns} FROM serial_unit u WHERE u.tenant_id = $1 AND u.id = $2 FOR NO KEY UPDATE`,
);

export async function lockUnit(tx: Tx, id: string): Promise<SerialUnitRow | null> {
  const [unit] = await tx.query<SerialUnitRow>(lockStatement, [tx.tenantId, id]);
  return unit ?? null;
}

// A fact that is not among those given stays; given as null it goes.
const updateStatement = sql(
  'inventory.unit-facts-update',
  `UPDATE serial_unit u SET
     stock_number = CASE WHEN f ? 'stockNumber' THEN f ->> 'stockNumber' ELSE u.stock_number END,
     condition = CASE WHEN f ? 'condition' THEN f ->> 'condition' ELSE u.condition END,
     certificate = CASE WHEN f ? 'certificate' THEN nullif(f -> 'certificate', 'null') ELSE u.certificate END,
     attributes = coalesce(f -> 'attributes', u.attributes),
     photos = coalesce(f -> 'photos', u.photos),
     cost_minor = CASE WHEN f ? 'costMinor' THEN (f ->> 'costMinor')::bigint ELSE u.cost_minor END,
     cost_currency = CASE WHEN f ? 'costCurrency' THEN f ->> 'costCurrency' ELSE u.cost_currency END,
     is_listed = coalesce((f ->> 'isListed')::boolean, u.is_listed),
     version = u.version + 1
   FROM (SELECT $3::jsonb AS f) x
   WHERE u.tenant_id = $1 AND u.id = $2`,
);
const recordStatement = sql(
  'inventory.unit-change-record',
  `INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, location_id, facts, note, reference_kind, reference_id, actor)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
const publishStatement = sql(
  'inventory.unit-facts-publish',
  'SELECT unit_publish($1, ARRAY[$2::uuid], $3)',
);
const fitsStatement = sql(
  'inventory.unit-cost-fits',
  'SELECT cost_currency_fits($1, $2, $3) AS fits',
);

export type UnitRecord = {
  unitId: string;
  kind: 'FACTS' | 'RECEIVED' | 'SUCCEEDED';
  locationId: string | null;
  facts: object | null;
  note: string | null;
  referenceKind: string | null;
  referenceId: string | null;
  actor: string;
};

/** A row of the unit's history. */
export async function recordUnit(tx: Tx, record: UnitRecord): Promise<void> {
  const { unitId, kind, locationId, facts, note, referenceKind, referenceId, actor } = record;
  await tx.query(recordStatement, [
    tx.tenantId,
    unitId,
    kind,
    locationId,
    facts === null ? null : JSON.stringify(facts),
    note,
    referenceKind,
    referenceId,
    actor,
  ]);
}

export async function updateFacts(tx: Tx, unitId: string, facts: UnitFacts): Promise<void> {
  await tx.query(updateStatement, [tx.tenantId, unitId, JSON.stringify(facts)]);
}

/** Whether the item's units in stock are kept in this currency; locks the item's cost. */
export async function isCostCurrencyFit(
  tx: Tx,
  cost: { stockItemId: string; currency: string },
): Promise<boolean> {
  const values = [tx.tenantId, cost.stockItemId, cost.currency];
  const [row] = await tx.query<{ fits: boolean }>(fitsStatement, values);
  return row!.fits;
}

export async function publishUnit(tx: Tx, id: string, traceparent: string | null): Promise<void> {
  await tx.query(publishStatement, [tx.tenantId, id, traceparent]);
}
