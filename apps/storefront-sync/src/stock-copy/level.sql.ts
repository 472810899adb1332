import { sql, type Tx } from '@onecount/db';
import type { StockLevelChanged } from '@onecount/events';

const saveLevel = sql(
  'known-level.save',
  `INSERT INTO known_level AS k (tenant_id, stock_item_id, location_id, sku, location_code, available,
                                 version)
   VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT ON CONSTRAINT known_level_pkey DO UPDATE
   SET sku = excluded.sku, location_code = excluded.location_code, available = excluded.available,
       version = excluded.version
   WHERE k.version < excluded.version
   RETURNING stock_item_id`,
);

/** The newest version wins, in whatever order they come. False for a stale one, which changes nothing. */
export async function saveIfNewer(tx: Tx, level: StockLevelChanged): Promise<boolean> {
  const { stockItemId, locationId, sku, locationCode, available, version } = level;
  const values = [tx.tenantId, stockItemId, locationId, sku, locationCode, available, version];
  return (await tx.query(saveLevel, values)).length === 1;
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
