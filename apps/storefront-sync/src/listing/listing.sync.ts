import { sql, type Tx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import { listingChanged } from './listing.events.ts';
import { refreshListings } from './listing.sql.ts';
import type { ListingRow } from './listing.ts';

const holdTenant = sql(
  'listing.hold-tenant',
  `SELECT pg_advisory_xact_lock(hashtextextended($1::text, 6))`,
);
const lockStatement = sql('listing.lock', 'SELECT listing_lock($1, $2)');

/** What a consumer takes before it reads the copies of these SKUs. Makes the rows that are missing. */
export async function lockForRefresh(tx: Tx, skus: readonly string[]): Promise<void> {
  await tx.query(lockStatement, [tx.tenantId, skus]);
}

/** Locks the consumers out of the tenant (listing_lock.sql, level_save.sql). */
export const lockForConnections = (tx: Tx) => tx.query(holdTenant, [tx.tenantId]);

/** Brings the listings up to the copies and publishes every one that changed. */
export async function refreshAndPublish(
  tx: Tx,
  of: { skus: readonly string[] | null; connectionId?: string },
): Promise<ListingRow[]> {
  const changed = await refreshListings(tx, of);
  await appendEvents(tx, changed.map(listingChanged));
  return changed;
}
