import { sql, type Tx } from '@onecount/db';
import type { Arrival, DifferenceOutcome, DifferenceReason, TransferStatus } from './transfer.ts';

const dispatchLinesStatement = sql(
  'inventory.transfer-lines-dispatch',
  'UPDATE transfer_line SET dispatched = quantity WHERE tenant_id = $1 AND transfer_id = $2',
);
const dispatchStatement = sql(
  'inventory.transfer-dispatch',
  `UPDATE transfer SET status = 'DISPATCHED', dispatched_by = $3, dispatched_at = clock_timestamp()
   WHERE tenant_id = $1 AND id = $2`,
);

export async function markDispatched(tx: Tx, transferId: string, actor: string): Promise<void> {
  await tx.query(dispatchLinesStatement, [tx.tenantId, transferId]);
  await tx.query(dispatchStatement, [tx.tenantId, transferId, actor]);
}

const statusStatement = sql(
  'inventory.transfer-status',
  `UPDATE transfer SET status = $3,
     ended_by = CASE WHEN $3 IN ('RECEIVED', 'CLOSED', 'CANCELLED') THEN $4 END,
     ended_at = CASE WHEN $3 IN ('RECEIVED', 'CLOSED', 'CANCELLED') THEN clock_timestamp() END
   WHERE tenant_id = $1 AND id = $2`,
);

export async function setStatus(
  tx: Tx,
  transferId: string,
  { status, actor }: { status: TransferStatus; actor: string },
): Promise<void> {
  await tx.query(statusStatement, [tx.tenantId, transferId, status, actor]);
}

type Column = 'received' | 'returned' | 'missing';
const arrivedStatement = (column: Column) =>
  sql(
    `inventory.transfer-lines-${column}`,
    `UPDATE transfer_line n SET ${column} = n.${column} + x.quantity
     FROM (SELECT line, sum(quantity)::integer AS quantity FROM unnest($2::uuid[], $3::integer[]) AS s (line, quantity) GROUP BY 1) x
     WHERE n.tenant_id = $1 AND n.id = ANY ($2::uuid[]) AND n.id = x.line`,
  );
const arrivedStatements = {
  received: arrivedStatement('received'),
  returned: arrivedStatement('returned'),
  missing: arrivedStatement('missing'),
};

/** Several arrivals of one line add up. */
export async function addArrived(
  tx: Tx,
  column: Column,
  arrivals: readonly Arrival[],
): Promise<void> {
  if (arrivals.length === 0) return;
  await tx.query(arrivedStatements[column], [
    tx.tenantId,
    arrivals.map(({ line }) => line.id),
    arrivals.map(({ quantity }) => quantity),
  ]);
}

export type NewDifference = {
  lineId: string;
  outcome: DifferenceOutcome;
  quantity: number;
  reason: DifferenceReason;
  note: string | null;
};

const differencesStatement = sql(
  'inventory.transfer-difference-insert',
  `INSERT INTO transfer_difference (tenant_id, transfer_line_id, outcome, quantity, reason, note, actor)
   SELECT $1, x."lineId", x.outcome, x.quantity, x.reason, x.note, $3
   FROM jsonb_to_recordset($2) AS x ("lineId" uuid, outcome text, quantity integer, reason text, note text)`,
);

/** A trigger adds what the missing ones cost: levels, units and costs are locked. */
export async function insertDifferences(
  tx: Tx,
  differences: readonly NewDifference[],
  actor: string,
): Promise<void> {
  if (differences.length === 0) return;
  await tx.query(differencesStatement, [tx.tenantId, JSON.stringify(differences), actor]);
}
