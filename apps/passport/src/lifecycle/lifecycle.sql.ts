import { sql, type Tx } from '@onecount/db';
import type { LifecycleKind, LifecycleRecord } from './lifecycle.ts';

const insertRecord = sql(
  'lifecycle.insert',
  `INSERT INTO lifecycle_record (tenant_id, serial_unit_id, kind, occurred_at, reference_id)
   VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT ON CONSTRAINT lifecycle_record_once DO NOTHING
   RETURNING id`,
);

/** Once per unit, kind and reference; returns whether it is new. */
export async function addRecord(
  tx: Tx,
  record: { serialUnitId: string; kind: LifecycleKind; occurredAt: string; referenceId: string },
): Promise<boolean> {
  const { serialUnitId, kind, occurredAt, referenceId } = record;
  const values = [tx.tenantId, serialUnitId, kind, occurredAt, referenceId];
  return (await tx.query(insertRecord, values)).length > 0;
}

// The public page knows the tenant from the passport's row; its own transaction has none.
const recordsOfUnit = sql(
  'lifecycle.of-unit',
  `SELECT id, serial_unit_id AS "serialUnitId", kind, occurred_at AS "occurredAt"
   FROM lifecycle_record WHERE tenant_id = $1 AND serial_unit_id = $2
   ORDER BY occurred_at DESC, id DESC LIMIT $3`,
);

/** The newest records of one unit, newest first. */
export function newestRecords(
  tx: Tx,
  unit: { tenantId: string; serialUnitId: string; limit: number },
): Promise<LifecycleRecord[]> {
  return tx.query<LifecycleRecord>(recordsOfUnit, [unit.tenantId, unit.serialUnitId, unit.limit]);
}

const pagesOfUnits = sql(
  'lifecycle.pages-of-units',
  `SELECT r.id, r.serial_unit_id AS "serialUnitId", r.kind, r.occurred_at AS "occurredAt"
   FROM unnest($2::uuid[]) AS unit(id)
   CROSS JOIN LATERAL (
     SELECT * FROM lifecycle_record
     WHERE tenant_id = $1 AND serial_unit_id = unit.id
       AND ($3::timestamptz IS NULL OR (occurred_at, id) > ($3, $4::uuid))
     ORDER BY occurred_at, id LIMIT $5
   ) AS r
   ORDER BY r.occurred_at, r.id`,
);

/** One page per unit, oldest first, all in one statement. */
export function pagesOfRecords(
  tx: Tx,
  page: { serialUnitIds: readonly string[]; after: string[] | undefined; limit: number },
): Promise<LifecycleRecord[]> {
  const [afterTime = null, afterId = null] = page.after ?? [];
  const values = [tx.tenantId, page.serialUnitIds, afterTime, afterId, page.limit];
  return tx.query<LifecycleRecord>(pagesOfUnits, values);
}
