import { keyFor, sql, uuidv7, type Tx } from '@onecount/db';
import type { Caller } from '../sale/idempotency.ts';

const insertStatement = sql(
  'pos.customer-change-insert',
  `INSERT INTO customer_change (tenant_id, id, customer_id, operation, key, changed_by) VALUES ($1, $2, $3, $4, $5, $6)`,
);

/** Who did what under which key; never what was entered. */
export async function logChange(
  tx: Tx,
  caller: Caller,
  {
    customerId,
    operation,
    idempotencyKey,
  }: Record<'customerId' | 'operation' | 'idempotencyKey', string>,
): Promise<void> {
  const key = keyFor(caller, idempotencyKey);
  const values = [tx.tenantId, uuidv7(), customerId, operation, key, caller.subject];
  await tx.query(insertStatement, values);
}

const changesStatement = sql(
  'pos.customer-changes',
  `SELECT operation, changed_at AS "changedAt" FROM customer_change
    WHERE tenant_id = $1 AND customer_id = ANY ($2) ORDER BY id`,
);

export function changesOf(
  tx: Tx,
  customerIds: readonly string[],
): Promise<{ operation: string; changedAt: Date }[]> {
  return tx.query(changesStatement, [tx.tenantId, customerIds]);
}

const forgetStatement = sql(
  'pos.customer-inputs-forget',
  `UPDATE idempotency_record SET input_hash = 'erased' WHERE tenant_id = $1 AND key IN (
     SELECT key FROM customer_change WHERE tenant_id = $1 AND customer_id = ANY ($2))`,
);

/**
 * Whoever knows most of an input finds the rest by trying what gives its hash: that goes too. A key of these then
 * answers that it was used, and changes nothing (ADR 0326).
 */
export async function forgetInputs(tx: Tx, customerIds: readonly string[]): Promise<void> {
  await tx.query(forgetStatement, [tx.tenantId, customerIds]);
}
