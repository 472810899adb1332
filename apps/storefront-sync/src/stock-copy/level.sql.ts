import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { StockLevelChanged } from '@onecount/events';

const saveStatement = sql(
  'known-level.save',
  'SELECT level_save($1, $2, $3, $4, $5, $6, $7) AS changed',
);

/** Stale versions change nothing. Answers the SKUs whose listings must follow; their locks are held. */
export async function saveLevels(tx: Tx, levels: readonly StockLevelChanged[]): Promise<string[]> {
  const column = <K extends keyof StockLevelChanged>(name: K) => levels.map((level) => level[name]);
  const rows = await tx.query<{ changed: string[] }>(saveStatement, [
    tx.tenantId,
    column('stockItemId'),
    column('locationId'),
    column('sku'),
    column('locationCode'),
    column('available'),
    column('version'),
  ]);
  return exactlyOne(rows).changed;
}

const seenCodes = sql(
  'known-level.seen-codes',
  `SELECT DISTINCT location_code AS code FROM known_level
   WHERE tenant_id = $1 AND location_code = ANY ($2)`,
);
export async function seenLocationCodes(tx: Tx, codes: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(seenCodes, [tx.tenantId, codes]);
  return rows.map(({ code }) => code);
}
