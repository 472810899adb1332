import { sql, type Tx } from '@onecount/db';

export type LevelKey = { stockItemId: string; locationId: string };

// In key order: two transactions that make the same rows wait for each other in one direction.
const ensureStatement = sql(
  'inventory.level-ensure',
  `INSERT INTO level (tenant_id, stock_item_id, location_id, backorder_limit)
   SELECT DISTINCT $1::uuid, i.id, k.place, i.backorder_limit
   FROM unnest($2::uuid[], $3::uuid[]) AS k (item, place)
   JOIN stock_item i ON i.tenant_id = $1 AND i.id = k.item
   ORDER BY i.id, k.place
   ON CONFLICT DO NOTHING`,
);
const lockStatement = sql(
  'inventory.level-lock',
  'SELECT items, locations, codes, available FROM level_lock($1, $2, $3)',
);

type Locked = { items: string[]; locations: string[]; codes: string[]; available: number[] };

/** Makes missing levels, locks all in key order, settles what expired; answers available by key. */
export async function lockLevels(
  tx: Tx,
  keys: readonly LevelKey[],
): Promise<(LevelKey & { code: string; available: number })[]> {
  const values = [tx.tenantId, keys.map((key) => key.stockItemId), keys.map((k) => k.locationId)];
  await tx.query(ensureStatement, values);
  const [locked] = await tx.query<Locked>(lockStatement, values);
  return locked!.items.map((stockItemId, index) => ({
    stockItemId,
    locationId: locked!.locations[index]!,
    code: locked!.codes[index]!,
    available: locked!.available[index]!,
  }));
}
