import { exactlyOne, sql, type Statement, type Tx } from '@onecount/db';
import type { EventData } from '@onecount/events';

// Each answers whether the product of some variant is to be indexed.

async function isDue(tx: Tx, statement: Statement, columns: unknown[][]): Promise<boolean> {
  const rows = await tx.query<{ isDue: boolean }>(statement, [tx.tenantId, ...columns]);
  return exactlyOne(rows).isDue;
}

const levelsStatement = sql(
  'catalog.known-levels-save',
  'SELECT known_levels_save($1, $2, $3, $4, $5) AS "isDue"',
);

export type KnownLevel = Pick<
  EventData<'inventory.stock-level-changed'>,
  'locationId' | 'available' | 'version'
> & { variantId: string };

export function saveLevels(tx: Tx, levels: readonly KnownLevel[]): Promise<boolean> {
  const column = (name: keyof KnownLevel) => levels.map((level) => level[name]);
  return isDue(tx, levelsStatement, [
    column('variantId'),
    column('locationId'),
    column('available'),
    column('version'),
  ]);
}

const thresholdsStatement = sql(
  'catalog.low-stock-thresholds-save',
  'SELECT low_stock_thresholds_save($1, $2, $3, $4) AS "isDue"',
);

export type Threshold = { variantId: string; lowStockThreshold: number; version: number };

export function saveThresholds(tx: Tx, items: readonly Threshold[]): Promise<boolean> {
  return isDue(tx, thresholdsStatement, [
    items.map(({ variantId }) => variantId),
    items.map(({ lowStockThreshold }) => lowStockThreshold),
    items.map(({ version }) => version),
  ]);
}

const markDue = `, due AS (
     INSERT INTO variant_stock (tenant_id, variant_id, is_search_due)
     SELECT DISTINCT $1::uuid, variant_id, true FROM saved WHERE is_new ORDER BY variant_id
     ON CONFLICT ON CONSTRAINT variant_stock_pkey DO UPDATE SET is_search_due = true
     RETURNING variant_id
   )
   SELECT EXISTS (SELECT FROM due) AS "isDue"`;

// Most events of a listing tell another count: nothing is indexed for them.
const listingsStatement = sql(
  'catalog.known-listings-save',
  `WITH newest AS (
     SELECT DISTINCT ON (listing_id) *
     FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::boolean[], $6::bigint[])
       AS l (listing_id, connection_id, variant_id, is_listed, version)
     ORDER BY listing_id, version DESC
   ), saved AS (
     INSERT INTO known_listing AS k (tenant_id, listing_id, connection_id, variant_id, is_listed, version)
     SELECT $1, listing_id, connection_id, variant_id, is_listed, version FROM newest
     ON CONFLICT ON CONSTRAINT known_listing_pkey DO UPDATE
     SET is_listed = excluded.is_listed, variant_id = excluded.variant_id, version = excluded.version
     WHERE k.version < excluded.version
     RETURNING new.variant_id, (old.is_listed, old.variant_id) IS DISTINCT FROM (new.is_listed, new.variant_id) AS is_new
   )${markDue}`,
);

export function saveListings(
  tx: Tx,
  listings: readonly EventData<'storefront.listing-changed'>[],
): Promise<boolean> {
  return isDue(tx, listingsStatement, [
    listings.map(({ listingId }) => listingId),
    listings.map(({ connectionId }) => connectionId),
    listings.map(({ variantId }) => variantId),
    listings.map(({ isListed }) => isListed),
    listings.map(({ version }) => version),
  ]);
}

const unitsStatement = sql(
  'catalog.known-units-save',
  `WITH newest AS (
     SELECT DISTINCT ON (unit_id) *
     FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[]) AS u (unit_id, variant_id, stock_number, version)
     ORDER BY unit_id, version DESC
   ), saved AS (
     INSERT INTO known_unit AS k (tenant_id, serial_unit_id, variant_id, stock_number, version)
     SELECT $1, unit_id, variant_id, stock_number, version FROM newest
     ON CONFLICT ON CONSTRAINT known_unit_pkey DO UPDATE
     SET stock_number = excluded.stock_number, variant_id = excluded.variant_id, version = excluded.version
     WHERE k.version < excluded.version
     RETURNING new.variant_id,
       (old.stock_number, old.variant_id) IS DISTINCT FROM (new.stock_number, new.variant_id) AS is_new
   )${markDue}`,
);

export type NumberedUnit = {
  serialUnitId: string;
  variantId: string;
  stockNumber: string;
  version: number;
};

export function saveUnits(tx: Tx, units: readonly NumberedUnit[]): Promise<boolean> {
  return isDue(tx, unitsStatement, [
    units.map(({ serialUnitId }) => serialUnitId),
    units.map(({ variantId }) => variantId),
    units.map(({ stockNumber }) => stockNumber),
    units.map(({ version }) => version),
  ]);
}
