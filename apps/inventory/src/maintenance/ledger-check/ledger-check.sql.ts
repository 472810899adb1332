import { sql, type Database, type Tx } from '@onecount/db';
import type { LedgerDifferenceRow, LedgerFindingRow } from './ledger-check.ts';

const columns = `
  d.kind, d.stock_item_id AS "stockItemId", d.location_id AS "locationId", d.serial_unit_id AS "serialUnitId",
  d.expected, d.found`;

const itemsStatement = sql(
  'inventory.ledger-check-items',
  `SELECT i.id FROM stock_item i
   WHERE i.tenant_id = $1 AND i.id > $2 AND ($3::uuid IS NULL OR i.id = $3) ORDER BY i.id LIMIT $4`,
);

/** The next items of the tenant, in the order of their ids. */
export function selectItemsToCheck(
  tx: Tx,
  page: { after: string | undefined; stockItemId: string | null; limit: number },
): Promise<{ id: string }[]> {
  const after = page.after ?? '00000000-0000-0000-0000-000000000000';
  const values = [tx.tenantId, after, page.stockItemId, page.limit];
  return tx.query<{ id: string }>(itemsStatement, values);
}

const checkStatement = sql(
  'inventory.ledger-check',
  `SELECT ${columns} FROM ledger_check($1, $2) d ORDER BY 2, 3, 4, 1`,
);

/** What does not add up for these items, in one snapshot. */
export function checkItems(tx: Tx, ids: readonly string[]): Promise<LedgerDifferenceRow[]> {
  return tx.query<LedgerDifferenceRow>(checkStatement, [tx.tenantId, ids]);
}

const findingsStatement = sql(
  'inventory.ledger-findings',
  `SELECT d.id, ${columns}, d.found_at AS "foundAt", d.seen_at AS "seenAt", d.gone_at AS "goneAt"
   FROM ledger_difference d
   WHERE d.tenant_id = $1 AND d.id < $2 AND ($3::boolean IS NULL OR (d.gone_at IS NOT NULL) = $3)
   ORDER BY d.id DESC LIMIT $4`,
);

/** Newest first. */
export function selectFindings(
  tx: Tx,
  page: { before: string | undefined; isGone: boolean | null; limit: number },
): Promise<LedgerFindingRow[]> {
  const before = page.before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  const values = [tx.tenantId, before, page.isGone, page.limit];
  return tx.query<LedgerFindingRow>(findingsStatement, values);
}

/** Where a walk over the items of every tenant stands. */
export type CheckPlace = { tenantId: string; stockItemId: string };

const nextStatement = sql(
  'inventory.ledger-check-next',
  `SELECT DISTINCT l.tenant_id AS "tenantId", l.stock_item_id AS "stockItemId" FROM (
     SELECT x.tenant_id, x.stock_item_id FROM level x WHERE (x.tenant_id, x.stock_item_id) > ($1::uuid, $2::uuid)
     ORDER BY x.tenant_id, x.stock_item_id, x.location_id LIMIT $3) l
   ORDER BY 1, 2`,
);

/** The items behind a place whose levels are the next so many, of any tenant. */
export function selectNextToCheck(
  db: Database,
  { tenantId, stockItemId }: CheckPlace,
  levelsMax: number,
): Promise<CheckPlace[]> {
  return db.asSystem('sweeper', (tx) =>
    tx.query<CheckPlace>(nextStatement, [tenantId, stockItemId, levelsMax]),
  );
}

const recordStatement = sql(
  'inventory.ledger-check-record',
  'SELECT ledger_check_record($1, $2) AS found',
);

/** Checks items of a tenant and records what was found; answers how many differences are new. */
export async function recordCheck(
  db: Database,
  of: { tenantId: string; stockItemIds: readonly string[] },
): Promise<number> {
  const values = [of.tenantId, of.stockItemIds];
  const [row] = await db.statement<{ found: number }>(recordStatement, values);
  return row!.found;
}

const openStatement = sql(
  'inventory.ledger-differences-open',
  'SELECT count(*)::integer AS open FROM ledger_difference WHERE gone_at IS NULL',
);

/** How many differences there are, over all tenants. */
export function countDifferences(db: Database): Promise<number> {
  return db.asSystem('sweeper', async (tx) => {
    const [row] = await tx.query<{ open: number }>(openStatement);
    return row!.open;
  });
}
