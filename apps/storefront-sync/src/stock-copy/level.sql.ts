import { newestWins, sql, type Tx } from '@onecount/db';
import type { StockLevelChanged } from '@onecount/events';

const writeLevel = newestWins({
  name: 'known-level.save',
  table: 'known_level',
  key: ['stock_item_id', 'location_id'],
  columns: ['sku', 'location_code', 'available'],
});

/** False for a stale version, which changes nothing. */
export function saveIfNewer(tx: Tx, level: StockLevelChanged): Promise<boolean> {
  const { stockItemId, locationId, sku, locationCode, available, version } = level;
  return writeLevel(tx, {
    ...{ stock_item_id: stockItemId, location_id: locationId, version },
    ...{ sku, location_code: locationCode, available },
  });
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
