import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { CashMovementKind, CashMovementReason } from './cash-movement.ts';

export type CashMovement = {
  id: string;
  registerId: string;
  shiftId: string;
  kind: CashMovementKind;
  amountMinor: number;
  currencyCode: string;
  reason: CashMovementReason;
  note: string | null;
  recordedBy: string;
  recordedAt: Date;
  /** With microseconds, for the cursor. */
  position: string;
};
export type CashMovementPage = Connection<CashMovement>;
type NewMovement = Omit<CashMovement, 'recordedAt' | 'position'>;

const columns = `id, register_id AS "registerId", shift_id AS "shiftId", kind, amount_minor AS "amountMinor",
  currency_code AS "currencyCode", reason, note, recorded_by AS "recordedBy", recorded_at AS "recordedAt",
  recorded_at::text AS position`;

const insertStatement = sql(
  'pos.cash-movement-insert',
  `INSERT INTO cash_movement (tenant_id, id, register_id, shift_id, kind, amount_minor, currency_code, reason, note, recorded_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

export async function insertMovement(tx: Tx, movement: NewMovement): Promise<void> {
  const { id, registerId, shiftId, kind, amountMinor, currencyCode, reason, note, recordedBy } =
    movement;
  await tx.query(insertStatement, [
    ...[tx.tenantId, id, registerId, shiftId, kind, amountMinor],
    ...[currencyCode, reason, note, recordedBy],
  ]);
}

const byIdStatement = sql(
  'pos.cash-movement-by-id',
  `SELECT ${columns} FROM cash_movement WHERE tenant_id = $1 AND id = $2`,
);

export async function movementById(tx: Tx, id: string): Promise<CashMovement> {
  return exactlyOne(await tx.query<CashMovement>(byIdStatement, [tx.tenantId, id]));
}

const pageStatement = sql(
  'pos.cash-movement-page',
  `SELECT ${columns} FROM cash_movement
    WHERE tenant_id = $1 AND shift_id = $2
      AND ($3::timestamptz IS NULL OR (recorded_at, id) > ($3, $4::uuid))
    ORDER BY recorded_at, id LIMIT $5`,
);

/** Of a shift, in the order they were made. */
export function movementPage(
  tx: Tx,
  shiftId: string,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<CashMovement[]> {
  const [position = null, id = null] = after ?? [];
  return tx.query<CashMovement>(pageStatement, [tx.tenantId, shiftId, position, id, limit]);
}

const setCurrencyStatement = sql(
  'pos.shift-set-currency',
  'UPDATE shift SET currency_code = $3 WHERE tenant_id = $1 AND id = $2 AND currency_code IS NULL',
);

/** A drawer that was opened without a float is counted in the currency that moves first. */
export async function setShiftCurrency(tx: Tx, shiftId: string, currencyCode: string) {
  await tx.query(setCurrencyStatement, [tx.tenantId, shiftId, currencyCode]);
}
