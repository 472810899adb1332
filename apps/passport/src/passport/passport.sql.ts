import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { PassportRow } from './passport.ts';

const columns = `tenant_id AS "tenantId", id, serial_unit_id AS "serialUnitId", version, status,
  credential, issued_at AS "issuedAt"`;

const insertStatement = sql(
  'passport.insert',
  `INSERT INTO passport (tenant_id, id, serial_unit_id, status, credential, issued_at, issued_by)
   VALUES ($1, $2, $3, 'ACTIVE', $4, $5, $6)
   RETURNING ${columns}`,
);

/** Violates passport_one_active_per_unit when the unit has one already. */
export async function insertPassport(
  tx: Tx,
  passport: Pick<PassportRow, 'id' | 'serialUnitId' | 'credential' | 'issuedAt'> & {
    issuedBy: string;
  },
): Promise<PassportRow> {
  const { id, serialUnitId, credential, issuedAt, issuedBy } = passport;
  const values = [tx.tenantId, id, serialUnitId, credential, issuedAt, issuedBy];
  return exactlyOne(await tx.query<PassportRow>(insertStatement, values));
}

const byIds = sql(
  'passport.by-ids',
  `SELECT ${columns} FROM passport WHERE tenant_id = $1 AND id = ANY($2::uuid[])`,
);
export const passportsByIds = (tx: Tx, ids: readonly string[]) =>
  tx.query<PassportRow>(byIds, [tx.tenantId, ids]);

const activeByUnits = sql(
  'passport.active-by-units',
  `SELECT ${columns} FROM passport
   WHERE tenant_id = $1 AND serial_unit_id = ANY($2::uuid[]) AND status = 'ACTIVE'`,
);
export const activePassportsOfUnits = (tx: Tx, serialUnitIds: readonly string[]) =>
  tx.query<PassportRow>(activeByUnits, [tx.tenantId, serialUnitIds]);

// Locked in key order: two sales events of overlapping units must not wait for each other in a ring.
const touchByUnits = sql(
  'passport.touch-by-units',
  `WITH locked AS (
     SELECT id FROM passport
     WHERE tenant_id = $1 AND serial_unit_id = ANY($2::uuid[]) AND status = 'ACTIVE'
     ORDER BY id FOR UPDATE
   )
   UPDATE passport SET version = version + 1
   FROM locked WHERE passport.tenant_id = $1 AND passport.id = locked.id
   RETURNING tenant_id AS "tenantId", passport.id, serial_unit_id AS "serialUnitId", version, status,
     credential, issued_at AS "issuedAt"`,
);

/** A new version of each active passport of the units, for something that happened to them. */
export const touchPassportsOfUnits = (tx: Tx, serialUnitIds: readonly string[]) =>
  tx.query<PassportRow>(touchByUnits, [tx.tenantId, serialUnitIds]);

const lockByUnits = sql(
  'passport.lock-by-units',
  `SELECT id FROM passport
   WHERE tenant_id = $1 AND serial_unit_id = ANY($2::uuid[]) AND status = 'ACTIVE'
   ORDER BY id FOR UPDATE`,
);

/** Locks what `touchPassportsOfUnits` will change for units of several sales, in the order in which it locks. */
export async function lockPassportsOfUnits(
  tx: Tx,
  serialUnitIds: readonly string[],
): Promise<void> {
  await tx.query(lockByUnits, [tx.tenantId, serialUnitIds]);
}

const publicById = sql('passport.public', `SELECT ${columns} FROM passport WHERE id = $1`);

/** In a system transaction of the public page only: the id alone opens it, whatever the tenant. */
export async function publicPassport(tx: Tx, id: string): Promise<PassportRow | undefined> {
  return (await tx.query<PassportRow>(publicById, [id]))[0];
}

const publicByUnit = sql(
  'passport.public-by-unit',
  `SELECT id FROM passport WHERE serial_unit_id = $1
   ORDER BY status = 'ACTIVE' DESC, issued_at DESC LIMIT 1`,
);

/** The same of the unit's passport: the one that is in force, else its last. */
export async function publicPassportOfUnit(tx: Tx, serialUnitId: string) {
  return (await tx.query<{ id: string }>(publicByUnit, [serialUnitId]))[0]?.id;
}
