import { sql, type Database, type Tx } from '@onecount/db';
import type { StockAtRow, StockTotalRow } from './balance.ts';

const first = '00000000-0000-0000-0000-000000000000';
const columns = `
  s.stock_item_id AS "stockItemId", s.location_id AS "locationId", s.on_hand AS "onHand", s.committed`;

// The level says only where there may be something: a page never looks at more rows than it shows.
const pageStatement = sql(
  'inventory.stock-at-page',
  `SELECT ${columns}
   FROM (SELECT array_agg(l.stock_item_id) AS items, array_agg(l.location_id) AS places FROM (
           SELECT x.stock_item_id, x.location_id FROM level x
           WHERE x.tenant_id = $1 AND ($2::uuid IS NULL OR x.location_id = $2)
             AND (x.stock_item_id, x.location_id) > ($3::uuid, $4::uuid)
           ORDER BY x.stock_item_id, x.location_id LIMIT $5) l) k
   CROSS JOIN LATERAL stock_at($1, k.items, k.places, $6) s`,
);

export type StockAtPage = {
  at: string;
  locationId: string | null;
  after: readonly string[] | undefined;
  limit: number;
};

/** In the order of item and location. */
export function selectStockAtPage(tx: Tx, page: StockAtPage): Promise<StockAtRow[]> {
  const { at, locationId, after, limit } = page;
  const [item, place] = after ?? [first, first];
  const values = [tx.tenantId, locationId, item, place, limit, at];
  return tx.query<StockAtRow>(pageStatement, values);
}

const ofItemsStatement = sql(
  'inventory.stock-at',
  `SELECT ${columns}
   FROM (SELECT array_agg(l.stock_item_id) AS items, array_agg(l.location_id) AS places FROM (
           SELECT x.stock_item_id, x.location_id FROM level x
           JOIN location c ON c.tenant_id = x.tenant_id AND c.id = x.location_id
           WHERE x.tenant_id = $1 AND x.stock_item_id = ANY ($2::uuid[])
           ORDER BY x.stock_item_id, c.code) l) k
   CROSS JOIN LATERAL stock_at($1, k.items, k.places, $3) s`,
);

/** Every level of these items; of an item in the order of the locations' codes. */
export function selectStockAt(
  tx: Tx,
  of: { stockItemIds: readonly string[]; at: string },
): Promise<StockAtRow[]> {
  return tx.query<StockAtRow>(ofItemsStatement, [tx.tenantId, of.stockItemIds, of.at]);
}

const totalsStatement = sql(
  'inventory.stock-totals-at',
  `SELECT location_id AS "locationId", on_hand AS "onHand" FROM stock_totals_at($1, $2, $3)`,
);

/** In the order of the locations' codes; only one when `locationId` is given. */
export function selectStockTotals(
  tx: Tx,
  of: { at: string; locationId: string | null },
): Promise<StockTotalRow[]> {
  return tx.query<StockTotalRow>(totalsStatement, [tx.tenantId, of.locationId, of.at]);
}

const closedStatement = sql(
  'inventory.balance-closed-until',
  `SELECT date_trunc('day', clock_timestamp() - make_interval(mins => $1), 'UTC')::text AS until`,
);
const placesStatement = sql(
  'inventory.balance-places',
  'SELECT tenant_id AS "tenantId", id AS "locationId" FROM location ORDER BY tenant_id, id',
);
const writeStatement = sql(
  'inventory.balance-write',
  'SELECT location_balance_write($1, $2, $3, $4, $5)::text AS until',
);

export type BalancePlace = { tenantId: string; locationId: string };

/** The end of the last day that has been over for so long, by the database's clock. */
export async function selectClosedUntil(db: Database, graceMinutes: number): Promise<string> {
  return db.asSystem('relay', async (tx) => {
    const [row] = await tx.query<{ until: string }>(closedStatement, [graceMinutes]);
    return row!.until;
  });
}

/** The locations of every tenant. */
export function selectBalancePlaces(db: Database): Promise<BalancePlace[]> {
  return db.asSystem('relay', (tx) => tx.query<BalancePlace>(placesStatement));
}

/** Writes the balances of at most so many days behind `from` and up to `until`; answers how far it came. */
export async function writeBalances(
  db: Database,
  place: BalancePlace & { from: string | null; until: string; daysMax: number },
): Promise<string> {
  const { tenantId, locationId, from, until, daysMax } = place;
  return db.inTransaction(tenantId, async (tx) => {
    const values = [tenantId, locationId, from, until, daysMax];
    const [row] = await tx.query<{ until: string }>(writeStatement, values);
    return row!.until;
  });
}
