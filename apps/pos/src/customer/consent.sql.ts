import { sql, type Tx } from '@onecount/db';
import type { Consent } from './customer.ts';

const columns = `id, customer_id AS "customerId", purpose, is_given AS "isGiven", at, how, note,
  recorded_by AS "recordedBy", recorded_at AS "recordedAt"`;

const insertStatement = sql(
  'pos.customer-consent-insert',
  `INSERT INTO customer_consent (tenant_id, id, customer_id, purpose, is_given, at, how, note, recorded_by)
   VALUES ($1, $2, $3, $4, $5, coalesce($6, now()), $7, $8, $9)`,
);

export type NewConsent = Omit<Consent, 'at' | 'recordedAt'> & { at: Date | null };

export async function insertConsent(tx: Tx, consent: NewConsent): Promise<void> {
  const { id, customerId, purpose, isGiven, at, how, note, recordedBy } = consent;
  const values = [tx.tenantId, id, customerId, purpose, isGiven, at, how, note, recordedBy];
  await tx.query(insertStatement, values);
}

const currentStatement = sql(
  'pos.customer-consents-current',
  `SELECT DISTINCT ON (customer_id, purpose) ${columns} FROM customer_consent
    WHERE tenant_id = $1 AND customer_id = ANY ($2) ORDER BY customer_id, purpose, at DESC, id DESC`,
);

/** The newest of each purpose. */
export function currentConsents(tx: Tx, customerIds: readonly string[]): Promise<Consent[]> {
  return tx.query<Consent>(currentStatement, [tx.tenantId, customerIds]);
}

const allStatement = sql(
  'pos.customer-consents-all',
  `SELECT ${columns} FROM customer_consent WHERE tenant_id = $1 AND customer_id = $2 ORDER BY at, id`,
);

export function allConsents(tx: Tx, customerId: string): Promise<Consent[]> {
  return tx.query<Consent>(allStatement, [tx.tenantId, customerId]);
}

const moveStatement = sql(
  'pos.customer-consents-move',
  'UPDATE customer_consent SET customer_id = $3 WHERE tenant_id = $1 AND customer_id = $2',
);

export async function moveConsents(tx: Tx, fromId: string, toId: string): Promise<void> {
  await tx.query(moveStatement, [tx.tenantId, fromId, toId]);
}

const deleteStatement = sql(
  'pos.customer-consents-delete',
  'DELETE FROM customer_consent WHERE tenant_id = $1 AND customer_id = $2',
);

export async function deleteConsents(tx: Tx, customerId: string): Promise<void> {
  await tx.query(deleteStatement, [tx.tenantId, customerId]);
}
