import { sql, type Tx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import { listingChanged } from './listing.events.ts';
import { refreshListings } from './listing.sql.ts';
import type { ListingRow } from './listing.ts';

// Two counts of one SKU at two locations come from two partitions, so their events are handled side by
// side. Each must see the other's count before it adds them up: hence the lock on the SKU's row, taken
// by a statement before the one that reads. Connections come and go rarely: they lock out the tenant's
// consumers for their transaction, so that a new connection misses no count.
const shareTenant = sql(
  'listing.share-tenant',
  `SELECT pg_advisory_xact_lock_shared(hashtextextended($1::text, 6))`,
);
const holdTenant = sql(
  'listing.hold-tenant',
  `SELECT pg_advisory_xact_lock(hashtextextended($1::text, 6))`,
);
const makeSkus = sql(
  'listing.make-skus',
  `INSERT INTO known_variant (tenant_id, sku)
   SELECT $1, sku FROM unnest($2::text[]) AS sku ORDER BY sku
   ON CONFLICT DO NOTHING`,
);
const lockSkus = sql(
  'listing.lock-skus',
  `SELECT sku FROM known_variant WHERE tenant_id = $1 AND sku = ANY ($2) ORDER BY sku FOR UPDATE`,
);

/** What a consumer takes before it reads the copies of these SKUs. Makes the rows that are missing. */
export async function lockForRefresh(tx: Tx, skus: readonly string[]): Promise<void> {
  await tx.query(shareTenant, [tx.tenantId]);
  const locked = await tx.query(lockSkus, [tx.tenantId, skus]);
  if (locked.length === new Set(skus).size) return;
  await tx.query(makeSkus, [tx.tenantId, skus]);
  await tx.query(lockSkus, [tx.tenantId, skus]);
}

export const lockForConnections = (tx: Tx) => tx.query(holdTenant, [tx.tenantId]);

/** Brings the listings up to the copies and tells of every one that changed. */
export async function refreshAndTell(
  tx: Tx,
  of: { skus: readonly string[] | null; connectionId?: string },
): Promise<ListingRow[]> {
  const changed = await refreshListings(tx, of);
  await appendEvents(tx, changed.map(listingChanged));
  return changed;
}
