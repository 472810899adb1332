import { sql, type Tx } from '@onecount/db';
import type { SerialUnitStatus } from './serial-unit.sql.ts';

/** `locationId`: where the unit then is; left out when it stays where it was. */
export type UnitChange = { unitId: string; to: SerialUnitStatus; locationId?: string };

export type ChangeDocument = {
  reason: string | null;
  referenceKind: string | null;
  referenceId: string | null;
  note: string | null;
  actor: string;
  traceparent: string | null;
};

export type TransitionRefused = {
  unitId: string;
  from: SerialUnitStatus;
  to: SerialUnitStatus;
  allowed: SerialUnitStatus[];
};

type Locked = { id: string; status: SerialUnitStatus };

const lockStatement = sql(
  'inventory.unit-lock',
  `SELECT id, status FROM serial_unit WHERE tenant_id = $1 AND id = ANY ($2::uuid[])
   ORDER BY id FOR NO KEY UPDATE`,
);
const transitionsStatement = sql(
  'inventory.unit-transitions',
  `SELECT from_status AS "from", array_agg(to_status ORDER BY to_status) AS allowed FROM unit_transitions() GROUP BY 1`,
);
// The ids a second time, as an array of the key: a join on the tenant alone would read all its units.
const changeStatement = sql(
  'inventory.unit-change',
  `WITH changed AS (
     UPDATE serial_unit u
     SET status = x.to_status, location_id = coalesce(x.place, u.location_id), version = u.version + 1,
         -- Of what came back the ledger knows the sale; the unit itself is sold no longer.
         sale_id = CASE WHEN x.to_status = 'RETURNED' THEN NULL ELSE u.sale_id END,
         sold_at = CASE WHEN x.to_status = 'RETURNED' THEN NULL ELSE u.sold_at END
     FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS x (id, to_status, place)
     WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[]) AND u.id = x.id
     RETURNING u.id, old.status AS from_status, u.status AS to_status, u.location_id)
   INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, from_status, to_status, location_id,
     reason, note, reference_kind, reference_id, actor)
   SELECT $1, c.id, 'STATUS', c.from_status, c.to_status, c.location_id, $5, $6, $7, $8, $9 FROM changed c
   RETURNING serial_unit_id`,
);
const publishStatement = sql('inventory.unit-publish', 'SELECT unit_publish($1, $2, $3)');

/**
 * Changes the status of units of which nobody else can: the caller has locked their levels (where they
 * are and where they come to), and each id is given once. Checks the table of transitions, writes status,
 * place and history, queues the events. Writes NO movement and NO hold: those are the caller's, or
 * `setUnitStatus` is what it wants. Answers what is not allowed, having written nothing at all then.
 */
export async function changeUnits(
  tx: Tx,
  changes: readonly UnitChange[],
  document: ChangeDocument,
): Promise<TransitionRefused[]> {
  if (changes.length === 0) return [];
  const refused = await refusedTransitions(tx, changes);
  if (refused.length > 0) return refused;
  const ids = changes.map(({ unitId }) => unitId);
  const { reason, note, referenceKind, referenceId, actor, traceparent } = document;
  const changed = await tx.query(changeStatement, [
    tx.tenantId,
    ids,
    changes.map(({ to }) => to),
    changes.map(({ locationId }) => locationId ?? null),
    reason,
    note,
    referenceKind,
    referenceId,
    actor,
  ]);
  if (changed.length !== ids.length) throw new Error('units were changed in part, or one twice');
  await tx.query(publishStatement, [tx.tenantId, ids, traceparent]);
  return [];
}

async function refusedTransitions(
  tx: Tx,
  changes: readonly UnitChange[],
): Promise<TransitionRefused[]> {
  const ids = changes.map(({ unitId }) => unitId);
  const locked = await tx.query<Locked>(lockStatement, [tx.tenantId, ids]);
  const statusOf = new Map(locked.map(({ id, status }) => [id, status]));
  const allowed = await selectTransitions(tx);
  return changes.flatMap(({ unitId, to }) => {
    const from = statusOf.get(unitId);
    if (!from) throw new Error(`there is no unit ${unitId} to change`);
    return allowed[from].includes(to) ? [] : [{ unitId, from, to, allowed: allowed[from] }];
  });
}

/** The table: where a unit may go from each status; nowhere from SCRAPPED. */
export async function selectTransitions(
  tx: Tx,
): Promise<Record<SerialUnitStatus, SerialUnitStatus[]>> {
  const rows = await tx.query<{ from: SerialUnitStatus; allowed: SerialUnitStatus[] }>(
    transitionsStatement,
  );
  const table: Partial<Record<SerialUnitStatus, SerialUnitStatus[]>> = { SCRAPPED: [] };
  for (const { from, allowed } of rows) table[from] = allowed;
  return table as Record<SerialUnitStatus, SerialUnitStatus[]>;
}
