import pg from 'pg';
import { createDatabase, type Database } from '@onecount/db';
import {
  createServiceDatabase,
  databaseUrl,
  migrateService,
  provisionDatabases,
  rolesOf,
  tenantA,
} from '@onecount/local-stack';
import { closeBalances } from '../../../apps/inventory/src/maintenance/balance/balance.worker.ts';
import { selectClosedUntil } from '../../../apps/inventory/src/maintenance/balance/balance.sql.ts';

export type StockSize = {
  items: number;
  movements: number;
  /** At how many locations each item stands; 1 unless given. */
  places?: number;
};
/** A database of inventory with its real schema and so many rows. */
export type StockedDatabase = StockSize & { db: Database; url: string; adminUrl: string };

const passwordOf = (role: string): string => `bench-${role}`;
export const skuOf = (n: number): string => `BENCH-${String(n).padStart(7, '0')}`;

/** Makes the database, migrates it as the service does, and fills it by a few statements. */
export async function createStockedDatabase(
  adminUrl: string,
  name: string,
  size: StockSize & { poolMax: number; say(line: string): void },
): Promise<StockedDatabase> {
  const roles = { ...rolesOf('inventory'), database: `bench_${name}` };
  await provisionDatabases({ adminUrl, services: ['inventory'], passwordOf, isRolesOnly: true });
  await run(adminUrl, (client) => createServiceDatabase(client, roles));
  const urlFor = (role: string): string =>
    databaseUrl(adminUrl, role, passwordOf(role), roles.database);
  await migrateService('inventory', { ownerUrl: urlFor(roles.ownerRole), role: roles.role });
  const own = new URL(adminUrl);
  own.pathname = `/${roles.database}`;
  const startedAt = performance.now();
  await run(own.href, (client) => fill(client, size));
  const db = await createDatabase({
    url: urlFor(roles.role),
    applicationName: `bench ${name}`,
    poolMax: size.poolMax,
    onPoolError: (err) => size.say(err.message),
  });
  await closeBalances(db, await selectClosedUntil(db, 30));
  await run(own.href, async (client) => void (await client.query('VACUUM ANALYZE')));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  size.say(`${name}: ${size.items} items, ${size.movements} movements in ${seconds} s`);
  return { ...size, db, url: urlFor(roles.role), adminUrl: own.href };
}

async function run(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

const locations = 5;
const opening = 1_000_000;

// A year of a shop's movements in the order of their time, as they would have come: an item's rows lie apart.
// Triggers and foreign keys are left out: a million items are not to be made one by one.
async function fill(client: pg.Client, { items, movements, places = 1 }: StockSize): Promise<void> {
  const perLevel = Math.max(1, Math.round(movements / items / places));
  await client.query(
    "SET session_replication_role = replica; SET work_mem = '256MB'; SET synchronous_commit = off",
  );
  await client.query(stockStatement, [tenantA, locations, items, places]);
  await client.query(makeItems, [tenantA]);
  await client.query(makeLevels, [tenantA, opening - perLevel + 1, perLevel]);
  await client.query(makeMovements, [tenantA, opening, perLevel]);
  await client.query(makeHolds, [tenantA]);
  await client.query('DROP TABLE stocked');
}

const stockStatement = `
  WITH place AS (
    INSERT INTO location (tenant_id, code, name)
    SELECT $1, 'L' || n, 'Location ' || n FROM generate_series(0, $2::integer - 1) n RETURNING code, id),
  item AS MATERIALIZED (SELECT n, uuidv7() AS id FROM generate_series(1, $3::integer) n)
  SELECT i.n, i.id AS item, p.id AS place INTO TEMP stocked
  FROM item i CROSS JOIN generate_series(0, $4::integer - 1) k JOIN place p ON p.code = 'L' || (i.n + k) % $2::integer`;
const makeItems = `
  INSERT INTO stock_item (tenant_id, id, sku, title, tracking, created_at)
  SELECT DISTINCT ON (n) $1::uuid, item, 'BENCH-' || lpad(n::text, 7, '0'), 'Piece ' || n, 'QUANTITY', now() - interval '400 days'
  FROM stocked ORDER BY n`;
const makeLevels = `
  INSERT INTO level (tenant_id, stock_item_id, location_id, on_hand, version)
  SELECT $1, item, place, $2::integer, $3::integer FROM stocked`;
const makeMovements = `
  INSERT INTO movement (tenant_id, stock_item_id, location_id, quantity, reason, reference_kind, reference_id, line_id, actor,
    resulting_on_hand, level_version, occurred_at, recorded_at)
  SELECT $1, s.item, s.place, CASE WHEN k = 1 THEN $2::integer ELSE -1 END, CASE WHEN k = 1 THEN 'OPENING' ELSE 'SALE' END,
    CASE WHEN k > 1 THEN 'SALE' END, CASE WHEN k > 1 THEN gen_random_uuid() END, CASE WHEN k > 1 THEN '1' END, 'bench',
    $2::integer - k + 1, k, t.at, t.at
  FROM stocked s CROSS JOIN generate_series(1, $3::integer) k
  CROSS JOIN LATERAL (
    SELECT now() - interval '365 days' + (k - 1 + (s.n::bigint * 7919 % 1000) / 1000.0) * interval '364 days' / $3::integer AS at) t
  ORDER BY t.at`;
const makeHolds = `
  INSERT INTO hold (tenant_id, kind, status, stock_item_id, location_id, quantity, expires_at, purpose, subject, created_at, settled_at)
  SELECT $1, 'SOFT', 'EXPIRED', item, place, 1, now() - interval '30 days', 'BASKET', 'bench',
    now() - interval '31 days', now() - interval '30 days'
  FROM stocked`;
