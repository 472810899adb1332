import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';

export type Shift = {
  id: string;
  registerId: string;
  openedAt: Date;
  openedBy: string;
  currencyCode: string | null;
  openingFloatMinor: number | null;
  closedAt: Date | null;
  closedBy: string | null;
  countedMinor: number | null;
  expectedMinor: number | null;
  /** Of the opening, with microseconds, for the cursor. */
  position: string;
};
export type ShiftPage = Connection<Shift>;
type Amount = { minor: number; currencyCode: string };

export const shiftColumns = `id, register_id AS "registerId", opened_at AS "openedAt", opened_by AS "openedBy",
  currency_code AS "currencyCode", opening_float_minor AS "openingFloatMinor",
  closed_at AS "closedAt", closed_by AS "closedBy", counted_minor AS "countedMinor",
  expected_minor AS "expectedMinor", opened_at::text AS position`;

const insertShiftStatement = sql(
  'pos.shift-insert',
  `INSERT INTO shift (tenant_id, id, register_id, opened_by, currency_code, opening_float_minor)
   VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (tenant_id, register_id) WHERE closed_at IS NULL DO NOTHING
   RETURNING id`,
);

/** False when the register has an open shift. */
export async function insertShift(
  tx: Tx,
  shift: { id: string; registerId: string; subject: string; float: Amount | undefined },
): Promise<boolean> {
  const { id, registerId, subject, float } = shift;
  const values = [tx.tenantId, id, registerId, subject, float?.currencyCode, float?.minor];
  return (await tx.query(insertShiftStatement, values)).length === 1;
}

const openShiftsStatement = sql(
  'pos.shift-open',
  `SELECT ${shiftColumns} FROM shift
    WHERE tenant_id = $1 AND register_id = ANY ($2) AND closed_at IS NULL`,
);

export function openShifts(tx: Tx, registerIds: readonly string[]): Promise<Shift[]> {
  return tx.query<Shift>(openShiftsStatement, [tx.tenantId, registerIds]);
}

const lockShiftStatement = sql(
  'pos.shift-lock',
  `SELECT ${shiftColumns} FROM shift
    WHERE tenant_id = $1 AND register_id = $2 AND closed_at IS NULL FOR UPDATE`,
);

/** Behind this lock no checkout of the shift can begin: sale_intent takes it FOR SHARE. */
export async function lockOpenShift(tx: Tx, registerId: string): Promise<Shift | undefined> {
  return (await tx.query<Shift>(lockShiftStatement, [tx.tenantId, registerId]))[0];
}

const pendingStatement = sql(
  'pos.shift-pending-sales',
  `SELECT id FROM sale WHERE tenant_id = $1 AND shift_id = $2 AND status = 'PENDING' ORDER BY id`,
);

export async function pendingSalesOf(tx: Tx, shiftId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(pendingStatement, [tx.tenantId, shiftId]);
  return rows.map((row) => row.id);
}

const lockByIdStatement = sql(
  'pos.shift-lock-by-id',
  `SELECT ${shiftColumns} FROM shift WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
);

/** The same lock, of a shift that may be closed. */
export async function lockShift(tx: Tx, id: string): Promise<Shift | undefined> {
  return (await tx.query<Shift>(lockByIdStatement, [tx.tenantId, id]))[0];
}

const closeStatement = sql(
  'pos.shift-close',
  `UPDATE shift SET closed_at = clock_timestamp(), closed_by = $3, close_reason = $4, currency_code = $5,
          counted_minor = $6, expected_minor = $7
    WHERE tenant_id = $1 AND id = $2 AND closed_at IS NULL
   RETURNING id`,
);

type Closing = {
  id: string;
  subject: string;
  reason: string | null;
  currencyCode: string;
  countedMinor: number;
  expectedMinor: number;
};

export async function closeShift(tx: Tx, closing: Closing): Promise<void> {
  const { id, subject, reason, currencyCode, countedMinor, expectedMinor } = closing;
  const values = [tx.tenantId, id, subject, reason, currencyCode, countedMinor, expectedMinor];
  exactlyOne(await tx.query(closeStatement, values));
}

const byIdsStatement = sql(
  'pos.shift-by-ids',
  `SELECT ${shiftColumns} FROM shift WHERE tenant_id = $1 AND id = ANY ($2)`,
);

export function shiftsByIds(tx: Tx, ids: readonly string[]): Promise<Shift[]> {
  return tx.query<Shift>(byIdsStatement, [tx.tenantId, ids]);
}

export async function shiftById(tx: Tx, id: string): Promise<Shift> {
  return exactlyOne(await shiftsByIds(tx, [id]));
}

export type SaleShift = { saleId: string; cashier: string; shiftId: string | null };

const ofSalesStatement = sql(
  'pos.shift-of-sales',
  `SELECT id AS "saleId", opened_by AS cashier, shift_id AS "shiftId" FROM sale
    WHERE tenant_id = $1 AND id = ANY ($2)`,
);

export function shiftsOfSales(tx: Tx, saleIds: readonly string[]): Promise<SaleShift[]> {
  return tx.query<SaleShift>(ofSalesStatement, [tx.tenantId, saleIds]);
}
