import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';

export type NewRegister = { id: string; locationId: string; locationCode: string; name: string };
export type Register = NewRegister & { isActive: boolean };
export type RegisterPage = Connection<Register>;

const registerColumns = `id, location_id AS "locationId", location_code AS "locationCode", name,
  deactivated_at IS NULL AS "isActive"`;

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
