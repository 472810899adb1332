import { sql, type Tx } from '@onecount/db';
import type { HistoryRow } from './unit-history.ts';

// A claim whose unit came back has been RELEASED since, but it ended by being sold. A unit that was chosen for a
// hold is held from then on; one that was named after its sale was the sale's all along.
const statement = sql(
  'inventory.unit-history',
  `SELECT e.kind, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, e.rank, e.id, e.actor, e.note,
          e.reference_kind AS "referenceKind", e.reference_id AS "referenceId", c.code AS "locationCode", e.detail
   FROM (
     SELECT 'MOVEMENT' AS kind, m.occurred_at AS at, 2 AS rank, m.id, m.actor, m.note, m.reference_kind, m.reference_id, m.location_id,
            jsonb_build_object('reason', m.reason, 'quantity', m.quantity) AS detail
     FROM movement m WHERE m.tenant_id = $1 AND m.serial_unit_id = $2
     UNION ALL
     SELECT 'HOLD_PLACED', CASE WHEN h.allocated_at > h.created_at AND (h.settled_at IS NULL OR h.allocated_at < h.settled_at)
              THEN h.allocated_at ELSE h.created_at END, 1, h.id, h.subject, NULL, h.reference_kind, h.reference_id, h.location_id,
            jsonb_build_object('purpose', h.purpose, 'until', h.expires_at)
     FROM hold h WHERE h.tenant_id = $1 AND h.serial_unit_id = $2
     UNION ALL
     SELECT 'HOLD_ENDED', coalesce(h.settled_at, h.expires_at), 3, h.id, NULL, NULL, h.reference_kind, h.reference_id, h.location_id,
            jsonb_build_object('purpose', h.purpose, 'as', CASE
              WHEN h.status = 'LIVE' THEN 'EXPIRED'
              WHEN h.status = 'RELEASED' AND h.reference_kind = 'SALE' AND EXISTS (
                SELECT FROM movement m WHERE m.tenant_id = $1 AND m.reason = 'SALE' AND m.reference_kind = 'SALE'
                  AND m.reference_id = h.reference_id AND m.line_id = h.line_id AND m.stock_item_id = h.stock_item_id
                  AND (m.serial_unit_id = $2 OR m.serial_unit_id IS NULL)) THEN 'SOLD'
              ELSE h.status END)
     FROM hold h WHERE h.tenant_id = $1 AND h.serial_unit_id = $2
       AND (h.status <> 'LIVE' OR h.expires_at <= statement_timestamp())
     UNION ALL
     SELECT x.kind, x.occurred_at, 4, x.id, x.actor, x.note, x.reference_kind, x.reference_id, x.location_id,
            jsonb_build_object('from', x.from_status, 'to', x.to_status, 'facts', x.facts)
     FROM serial_unit_change x WHERE x.tenant_id = $1 AND x.serial_unit_id = $2
   ) e
   LEFT JOIN location c ON c.tenant_id = $1 AND c.id = e.location_id
   WHERE $3::timestamptz IS NULL OR (e.at, e.rank, e.id) < ($3, $4::integer, $5::uuid)
   ORDER BY e.at DESC, e.rank DESC, e.id DESC LIMIT $6`,
);

export type HistoryCursor = { at: string; rank: string; id: string };

/** Everything that happened to a unit, newest first. */
export function selectHistory(
  tx: Tx,
  page: { unitId: string; before: HistoryCursor | null; limit: number },
): Promise<HistoryRow[]> {
  const { unitId, before, limit } = page;
  const values = [before?.at ?? null, before?.rank ?? null, before?.id ?? null, limit];
  return tx.query<HistoryRow>(statement, [tx.tenantId, unitId, ...values]);
}
