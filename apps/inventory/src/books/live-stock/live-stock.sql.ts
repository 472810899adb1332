import { exactlyOne, sql, type Database } from '@onecount/db';
import { readStockItems, selectOnSale } from '../../kernel/stock-item/stock-item.sql.ts';
import { liveItem, type LiveItem } from './live-stock.ts';

type Read = {
  tenantId: string;
  ids?: readonly string[];
  skus?: readonly string[];
  /** Whether somebody asks who may only see what is on sale. */
  needsOnSale: boolean;
  atMs: number;
};

export async function readLiveItems(db: Database, read: Read): Promise<LiveItem[]> {
  const { tenantId, atMs } = read;
  const rows = await readStockItems(db, tenantId, read);
  const ids = rows.map(({ id }) => id);
  const onSale = read.needsOnSale ? await db.read(tenantId, (tx) => selectOnSale(tx, { ids })) : [];
  const isOnSale = new Set(onSale.map(({ id }) => id));
  return rows.map((row) => liveItem(row, { isOnSale: isOnSale.has(row.id), atMs }));
}

const clockStatement = sql(
  'inventory.live-clock',
  'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "atMs"',
);

/** Before what is read next. */
export async function readClock(db: Database): Promise<number> {
  return exactlyOne(await db.statement<{ atMs: number }>(clockStatement)).atMs;
}

// An event may be written before another and come behind it, by another partition: the margin is longer than any lag
// under which a client would go on with the stream.
const changedAtStatement = sql(
  'inventory.live-changed-at',
  `SELECT stock_item_id AS id FROM level
   WHERE tenant_id = $1 AND location_id = $2 AND stock_item_id > $3
     AND ($4::float8 IS NULL OR updated_at >= to_timestamp($4::float8 / 1000) - interval '10 minutes')
   ORDER BY stock_item_id LIMIT $5`,
);

/** A page of the items with a level at the location that changed since then, behind an id. */
export async function selectChangedAt(
  db: Database,
  of: { tenantId: string; locationId: string; behindId: string; since: number | null; max: number },
): Promise<string[]> {
  const values = [of.tenantId, of.locationId, of.behindId, of.since, of.max];
  const rows = await db.read(of.tenantId, (tx) =>
    tx.query<{ id: string }>(changedAtStatement, values),
  );
  return rows.map(({ id }) => id);
}
