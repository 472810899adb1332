import { sql, type Tx } from '@onecount/db';

export type LeasedListing = {
  tenantId: string;
  listingId: string;
  connectionId: string;
  leaseId: string;
  webhookUrl: string;
  webhookSecret: string;
  isFailing: boolean;
  variantId: string;
  productId: string;
  sku: string;
  title: string;
  isTracked: boolean;
  isListed: boolean;
  available: number;
  version: number;
};

// The lease is far longer than a request may take (5 s), so no other worker sends the same listing
// meanwhile; a worker that is killed costs its listings this long. SKIP LOCKED lets workers share.
const leaseStatement = sql(
  'delivery.lease',
  `WITH due AS (
     SELECT l.tenant_id, l.id
     FROM listing l
     JOIN connection c ON c.tenant_id = l.tenant_id AND c.id = l.connection_id
     WHERE l.delivered_version < l.version
       AND l.next_attempt_at <= clock_timestamp()
       AND (l.leased_until IS NULL OR l.leased_until < clock_timestamp())
       AND c.status = 'ACTIVE' AND (c.retry_at IS NULL OR c.retry_at <= clock_timestamp())
     ORDER BY l.next_attempt_at
     LIMIT $1
     FOR UPDATE OF l SKIP LOCKED
   )
   UPDATE listing l
   SET lease_id = uuidv7(), leased_until = clock_timestamp() + interval '15 seconds'
   FROM due, connection c
   WHERE l.tenant_id = due.tenant_id AND l.id = due.id
     AND c.tenant_id = l.tenant_id AND c.id = l.connection_id
   RETURNING l.tenant_id AS "tenantId", l.id AS "listingId", l.connection_id AS "connectionId",
             l.lease_id AS "leaseId", c.webhook_url AS "webhookUrl",
             c.webhook_secret AS "webhookSecret", c.failing_since IS NOT NULL AS "isFailing",
             l.variant_id AS "variantId", l.product_id AS "productId", l.sku, l.title,
             l.is_tracked AS "isTracked", l.is_listed AS "isListed", l.available, l.version`,
);
export const leaseDue = (tx: Tx, max: number) => tx.query<LeasedListing>(leaseStatement, [max]);

const deliveredStatement = sql(
  'delivery.delivered',
  `UPDATE listing
   SET delivered_version = greatest(delivered_version, $4), delivered_at = clock_timestamp(),
       attempts = 0, last_error = NULL, lease_id = NULL, leased_until = NULL
   WHERE tenant_id = $1 AND id = $2 AND lease_id = $3`,
);
const recoveredStatement = sql(
  'delivery.recovered',
  `UPDATE connection SET failing_since = NULL, failures = 0, retry_at = NULL, last_error = NULL
   WHERE tenant_id = $1 AND id = $2 AND failing_since IS NOT NULL`,
);

export async function saveDelivered(tx: Tx, listing: LeasedListing): Promise<void> {
  const { listingId, leaseId, version, connectionId } = listing;
  await tx.query(deliveredStatement, [tx.tenantId, listingId, leaseId, version]);
  if (listing.isFailing) await tx.query(recoveredStatement, [tx.tenantId, connectionId]);
}

// 1 s, 2 s, 4 s … one hour, ±20 %. It stands in the row, so a restart changes nothing about it.
const failedStatement = sql(
  'delivery.failed',
  `UPDATE listing
   SET attempts = attempts + 1, last_error = $4, lease_id = NULL, leased_until = NULL,
       next_attempt_at = clock_timestamp() + make_interval(
         secs => least(3600, power(2, least(attempts, 12))) * (0.8 + random() * 0.4))
   WHERE tenant_id = $1 AND id = $2 AND lease_id = $3`,
);

// Several requests of one endpoint fail together: only the first after a pause counts and moves the
// pause (1 s … 10 minutes), the others find retry_at in the future.
const endpointFailedStatement = sql(
  'delivery.endpoint-failed',
  `UPDATE connection
   SET failing_since = coalesce(failing_since, clock_timestamp()), last_error = $3,
       failures = failures + 1,
       retry_at = clock_timestamp() + make_interval(
         secs => least(600, power(2, least(failures, 10))) * (0.8 + random() * 0.4)),
       status = CASE WHEN status = 'ACTIVE'
                      AND failing_since < clock_timestamp() - make_interval(secs => $4)
                     THEN 'SUSPENDED' ELSE status END
   WHERE tenant_id = $1 AND id = $2 AND (retry_at IS NULL OR retry_at <= clock_timestamp())
   RETURNING status`,
);

/** The connection's status after it, when this failure was the one that counted. */
export async function saveFailed(
  tx: Tx,
  listing: LeasedListing,
  failure: { blame: 'endpoint' | 'listing'; reason: string; suspendAfterSeconds: number },
): Promise<string | undefined> {
  const reason = failure.reason.slice(0, 500);
  await tx.query(failedStatement, [tx.tenantId, listing.listingId, listing.leaseId, reason]);
  if (failure.blame === 'listing') return undefined;
  const values = [tx.tenantId, listing.connectionId, reason, failure.suspendAfterSeconds];
  return (await tx.query<{ status: string }>(endpointFailedStatement, values))[0]?.status;
}
