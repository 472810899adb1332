import { sql, type Tx } from '@onecount/db';

export type KnownLocation = { id: string; code: string; name: string };
export type LocationName = { id?: string | null; code?: string | null };

const selectStatement = sql(
  'pos.location-select',
  `SELECT id, code, name FROM known_location
    WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::text IS NULL OR code = $3)`,
);

export async function selectLocation(tx: Tx, wanted: LocationName): Promise<KnownLocation | null> {
  const values = [tx.tenantId, wanted.id ?? null, wanted.code ?? null];
  const rows = await tx.query<KnownLocation>(selectStatement, values);
  return rows[0] ?? null;
}

const forgetCodeStatement = sql(
  'pos.location-forget-code',
  'DELETE FROM known_location WHERE tenant_id = $1 AND code = $2 AND id <> $3',
);
// DO NOTHING without naming an index: two first sales of one location meet on either of its keys.
const insertStatement = sql(
  'pos.location-insert',
  `INSERT INTO known_location (tenant_id, id, code, name) VALUES ($1, $2, $3, $4)
   ON CONFLICT DO NOTHING`,
);
const renameStatement = sql(
  'pos.location-rename',
  `UPDATE known_location SET code = $3, name = $4, learned_at = now()
    WHERE tenant_id = $1 AND id = $2 AND (code, name) IS DISTINCT FROM ($3, $4)`,
);

/** A code that now names another location moves with inventory's answer; what was printed stays. */
export async function upsertLocation(tx: Tx, location: KnownLocation): Promise<void> {
  const values = [tx.tenantId, location.id, location.code, location.name];
  await tx.query(forgetCodeStatement, [tx.tenantId, location.code, location.id]);
  await tx.query(insertStatement, values);
  await tx.query(renameStatement, values);
}
