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

type Locked = { items: string[] | null; locations: string[]; codes: string[]; available: number[] };

/** Makes missing levels, locks all in key order, settles what expired; answers available by key. */
export async function lockLevels(
  tx: Tx,
  keys: readonly LevelKey[],
): Promise<(LevelKey & { code: string; available: number })[]> {
  const values = [tx.tenantId, keys.map((key) => key.stockItemId), keys.map((k) => k.locationId)];
  await tx.query(ensureStatement, values);
  const [locked] = await tx.query<Locked>(lockStatement, values);
  return levelsOf(locked!);
}

/** The same for every level of the items, and for those levels that `also` names, made where missing. */
export async function lockLevelsOfItems(
  tx: Tx,
  stockItemIds: readonly string[],
  also: readonly LevelKey[] = [],
): Promise<(LevelKey & { code: string; available: number })[]> {
  const keys = [tx.tenantId, also.map((key) => key.stockItemId), also.map((k) => k.locationId)];
  if (also.length > 0) await tx.query(ensureStatement, keys);
  const everywhere = stockItemIds.map(() => null);
  const [locked] = await tx.query<Locked>(lockStatement, [tx.tenantId, stockItemIds, everywhere]);
  return levelsOf(locked!);
}

// Arrays of nothing are NULL.
function levelsOf(locked: Locked): (LevelKey & { code: string; available: number })[] {
  return (locked.items ?? []).map((stockItemId, index) => ({
    stockItemId,
    locationId: locked.locations[index]!,
    code: locked.codes[index]!,
    available: locked.available[index]!,
  }));
}
