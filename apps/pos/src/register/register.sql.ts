import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';

export type NewRegister = { id: string; locationId: string; locationCode: string; name: string };
export type Register = NewRegister & { isActive: boolean };
export type RegisterPage = Connection<Register>;
export type Shift = {
  id: string;
  registerId: string;
  openedAt: Date;
  currencyCode: string | null;
  openingFloatMinor: number | null;
  closedAt: Date | null;
  countedMinor: number | null;
  expectedMinor: number | null;
};
type Amount = { minor: number; currencyCode: string };

const registerColumns = `id, location_id AS "locationId", location_code AS "locationCode", name,
  deactivated_at IS NULL AS "isActive"`;
const shiftColumns = `id, register_id AS "registerId", opened_at AS "openedAt",
  currency_code AS "currencyCode", opening_float_minor AS "openingFloatMinor",
  closed_at AS "closedAt", counted_minor AS "countedMinor", expected_minor AS "expectedMinor"`;

// The row is made or found in one statement; DO UPDATE, because DO NOTHING returns no row.
const ensureStatement = sql(
  'pos.register-ensure',
  `INSERT INTO register (tenant_id, id, location_id, location_code, name) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT ON CONSTRAINT register_name_key DO UPDATE SET location_code = EXCLUDED.location_code
   RETURNING ${registerColumns}`,
);

export async function ensureRegister(tx: Tx, register: NewRegister): Promise<Register> {
  const { id, locationId, locationCode, name } = register;
  const values = [tx.tenantId, id, locationId, locationCode, name];
  return exactlyOne(await tx.query<Register>(ensureStatement, values));
}

const insertStatement = sql(
  'pos.register-insert',
  `INSERT INTO register (tenant_id, id, location_id, location_code, name) VALUES ($1, $2, $3, $4, $5)
   RETURNING ${registerColumns}`,
);

export async function insertRegister(tx: Tx, register: NewRegister): Promise<Register> {
  const { id, locationId, locationCode, name } = register;
  const values = [tx.tenantId, id, locationId, locationCode, name];
  return exactlyOne(await tx.query<Register>(insertStatement, values));
}

const lockStatement = sql(
  'pos.register-lock',
  `SELECT ${registerColumns} FROM register WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
);

export async function lockRegister(tx: Tx, id: string): Promise<Register | undefined> {
  return (await tx.query<Register>(lockStatement, [tx.tenantId, id]))[0];
}

const byNameStatement = sql(
  'pos.register-by-name',
  `SELECT ${registerColumns} FROM register WHERE tenant_id = $1 AND location_id = $2 AND name = $3`,
);

export async function registerByName(
  tx: Tx,
  { locationId, name }: { locationId: string; name: string },
): Promise<Register> {
  return exactlyOne(await tx.query<Register>(byNameStatement, [tx.tenantId, locationId, name]));
}

const renameStatement = sql(
  'pos.register-rename',
  `UPDATE register SET name = $3 WHERE tenant_id = $1 AND id = $2 RETURNING ${registerColumns}`,
);

export async function renameRegister(
  tx: Tx,
  id: string,
  name: string,
): Promise<Register | undefined> {
  return (await tx.query<Register>(renameStatement, [tx.tenantId, id, name]))[0];
}

const setActiveStatement = sql(
  'pos.register-set-active',
  `UPDATE register SET deactivated_at = CASE WHEN $3 THEN NULL ELSE coalesce(deactivated_at, now()) END
    WHERE tenant_id = $1 AND id = $2 RETURNING ${registerColumns}`,
);

export async function setActive(tx: Tx, id: string, isActive: boolean): Promise<Register> {
  return exactlyOne(await tx.query<Register>(setActiveStatement, [tx.tenantId, id, isActive]));
}

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

// Change is counted in the sale's own currency; a drawer is counted in one currency only.
const closeStatement = sql(
  'pos.shift-close',
  `UPDATE shift AS h
      SET closed_at = clock_timestamp(), closed_by = $3, counted_minor = $4, currency_code = $5,
          expected_minor = coalesce(h.opening_float_minor, 0) + (
            SELECT coalesce(sum(t.amount_minor), 0) FROM sale s
              JOIN sale_tender t ON t.tenant_id = s.tenant_id AND t.sale_id = s.id AND t.kind = 'CASH'
             WHERE s.tenant_id = h.tenant_id AND s.shift_id = h.id AND s.status = 'COMMITTED'
               AND s.currency_code = $5) - (
            SELECT coalesce(sum(s.change_minor), 0) FROM sale s
             WHERE s.tenant_id = h.tenant_id AND s.shift_id = h.id AND s.status = 'COMMITTED'
               AND s.currency_code = $5)
    WHERE h.tenant_id = $1 AND h.id = $2 AND h.closed_at IS NULL
   RETURNING ${shiftColumns}`,
);

export async function closeShift(
  tx: Tx,
  shift: { id: string; subject: string; counted: Amount },
): Promise<Shift> {
  const { id, subject, counted } = shift;
  const values = [tx.tenantId, id, subject, counted.minor, counted.currencyCode];
  return exactlyOne(await tx.query<Shift>(closeStatement, values));
}

const shiftByIdStatement = sql(
  'pos.shift-by-id',
  `SELECT ${shiftColumns} FROM shift WHERE tenant_id = $1 AND id = $2`,
);

export async function shiftById(tx: Tx, id: string): Promise<Shift> {
  return exactlyOne(await tx.query<Shift>(shiftByIdStatement, [tx.tenantId, id]));
}

const byIdsStatement = sql(
  'pos.register-by-ids',
  `SELECT ${registerColumns} FROM register WHERE tenant_id = $1 AND id = ANY ($2)`,
);

export function registersByIds(tx: Tx, ids: readonly string[]): Promise<Register[]> {
  return tx.query<Register>(byIdsStatement, [tx.tenantId, ids]);
}

const pageStatement = sql(
  'pos.register-page',
  `SELECT ${registerColumns} FROM register
    WHERE tenant_id = $1
      AND ($2::text IS NULL OR (location_code, name, id) > ($2, $3, $4::uuid))
    ORDER BY location_code, name, id LIMIT $5`,
);

export function registerPage(
  tx: Tx,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<Register[]> {
  const [code = null, name = null, id = null] = after ?? [];
  return tx.query<Register>(pageStatement, [tx.tenantId, code, name, id, limit]);
}

const countStatement = sql(
  'pos.register-count',
  'SELECT count(*)::int AS total FROM register WHERE tenant_id = $1',
);

export async function countRegisters(tx: Tx): Promise<number> {
  return exactlyOne(await tx.query<{ total: number }>(countStatement, [tx.tenantId])).total;
}
