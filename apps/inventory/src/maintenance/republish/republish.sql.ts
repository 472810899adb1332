import { sql, type Database, type Tx } from '@onecount/db';

export type RepublishKinds = { levels: boolean; units: boolean; movements: boolean };

export type RepublishRow = {
  id: string;
  hasLevels: boolean;
  hasUnits: boolean;
  hasMovements: boolean;
  queued: number;
  requestedAt: Date;
  finishedAt: Date | null;
};

const requestStatement = sql(
  'inventory.republish-request',
  'SELECT republish_request($1, $2, $3, $4, $5) AS id',
);

/** Asks for it; answers its id. */
export async function insertRepublish(
  tx: Tx,
  kinds: RepublishKinds,
  actor: string,
): Promise<string> {
  const { levels, units, movements } = kinds;
  const values = [tx.tenantId, levels, units, movements, actor];
  const [row] = await tx.query<{ id: string }>(requestStatement, values);
  return row!.id;
}

const selectStatement = sql(
  'inventory.republish',
  `SELECT id, has_levels AS "hasLevels", has_units AS "hasUnits", has_movements AS "hasMovements", queued,
          requested_at AS "requestedAt", finished_at AS "finishedAt"
   FROM republish WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY id DESC LIMIT 1`,
);

/** The newest one when `id` is null. */
export async function selectRepublish(tx: Tx, id: string | null): Promise<RepublishRow | null> {
  const [row] = await tx.query<RepublishRow>(selectStatement, [tx.tenantId, id]);
  return row ?? null;
}

const stepStatement = sql('inventory.republish-step', 'SELECT republish_step($1) AS queued');

/** One bounded step for any tenant; null when there is nothing to do or the queue is full. */
export function stepRepublish(db: Database, most: number): Promise<number | null> {
  return db.asSystem('relay', async (tx) => {
    const [row] = await tx.query<{ queued: number | null }>(stepStatement, [most]);
    return row!.queued;
  });
}

const tenantsStatement = sql(
  'inventory.tenants',
  'SELECT DISTINCT tenant_id AS id FROM location ORDER BY 1',
);

/** Every tenant that has a location: no other has stock. */
export async function selectTenants(db: Database): Promise<string[]> {
  const rows = await db.asSystem('relay', (tx) => tx.query<{ id: string }>(tenantsStatement));
  return rows.map(({ id }) => id);
}
