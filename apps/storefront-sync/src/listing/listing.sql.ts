import { sql, type Tx } from '@onecount/db';
import type { ListingRow } from './listing.ts';

const columns = `l.tenant_id AS "tenantId", l.id, l.connection_id AS "connectionId",
  l.variant_id AS "variantId", l.product_id AS "productId", l.sku, l.title,
  l.is_tracked AS "isTracked", l.is_listed AS "isListed", l.available, l.version,
  l.delivered_version AS "deliveredVersion", l.delivered_at AS "deliveredAt", l.attempts,
  l.next_attempt_at AS "nextAttemptAt", l.last_error AS "lastError"`;

/**
 * Computes the listings of the SKUs (or of all) on every connection (or on one) from the copies, and
 * writes those that differ. A new count takes the place of an undelivered one and is due at once.
 * The caller holds the locks of listing.sync.ts; a snapshot taken before them would miss a count.
 */
const refreshStatement = sql(
  'listing.refresh',
  `WITH target AS (
     SELECT c.id AS connection_id, v.variant_id, v.product_id, v.sku, v.title, v.is_tracked,
            v.is_sellable AND (v.has_photo OR NOT c.requires_photo) AS is_listed,
            CASE WHEN v.is_tracked THEN greatest(0, coalesce(stock.available, 0)) ELSE 0 END AS available
     FROM known_variant v
     JOIN connection c ON c.tenant_id = v.tenant_id
     LEFT JOIN LATERAL (
       SELECT sum(k.available) AS available FROM known_level k
       WHERE k.tenant_id = v.tenant_id AND k.sku_key = v.sku_key
         AND (c.location_codes IS NULL OR k.location_code = ANY (c.location_codes))
     ) AS stock ON true
     WHERE v.tenant_id = $1 AND v.variant_id IS NOT NULL
       AND ($2::text[] IS NULL
            OR v.sku_key = ANY (ARRAY(SELECT identifier_key(s.sku) FROM unnest($2) AS s(sku))))
       AND ($3::uuid IS NULL OR c.id = $3)
   )
   INSERT INTO listing AS l (tenant_id, connection_id, variant_id, product_id, sku, title, is_tracked,
                             is_listed, available)
   SELECT $1, t.connection_id, t.variant_id, t.product_id, t.sku, t.title, t.is_tracked, t.is_listed,
          t.available
   FROM target t
   WHERE t.is_listed OR EXISTS (
     SELECT FROM listing o
     WHERE o.tenant_id = $1 AND o.connection_id = t.connection_id AND o.variant_id = t.variant_id)
   ORDER BY t.connection_id, t.variant_id
   ON CONFLICT ON CONSTRAINT listing_once DO UPDATE
   SET product_id = excluded.product_id, sku = excluded.sku, title = excluded.title,
       is_tracked = excluded.is_tracked, is_listed = excluded.is_listed,
       available = excluded.available, version = l.version + 1, next_attempt_at = clock_timestamp()
   WHERE (l.product_id, l.sku, l.title, l.is_tracked, l.is_listed, l.available) IS DISTINCT FROM
         (excluded.product_id, excluded.sku, excluded.title, excluded.is_tracked, excluded.is_listed,
          excluded.available)
   RETURNING ${columns}`,
);
export const refreshListings = (
  tx: Tx,
  of: { skus: readonly string[] | null; connectionId?: string },
) => tx.query<ListingRow>(refreshStatement, [tx.tenantId, of.skus, of.connectionId ?? null]);

const withdrawStatement = sql(
  'listing.withdraw',
  `UPDATE listing AS l
   SET is_listed = false, available = 0, version = l.version + 1, next_attempt_at = clock_timestamp()
   WHERE l.tenant_id = $1 AND l.variant_id = ANY ($2::uuid[]) AND (l.is_listed OR l.available > 0)
   RETURNING ${columns}`,
);

/** Takes variants that their product no longer has from every shop. */
export const withdrawListings = (tx: Tx, variantIds: readonly string[]) =>
  tx.query<ListingRow>(withdrawStatement, [tx.tenantId, variantIds]);

const byIdsStatement = sql(
  'listing.by-ids',
  `SELECT ${columns} FROM listing l WHERE l.tenant_id = $1 AND l.id = ANY ($2::uuid[])`,
);
export const listingsByIds = (tx: Tx, ids: readonly string[]) =>
  tx.query<ListingRow>(byIdsStatement, [tx.tenantId, ids]);

const byVariantsStatement = sql(
  'listing.by-variants',
  `SELECT ${columns} FROM listing l
   WHERE l.tenant_id = $1 AND l.variant_id = ANY ($2::uuid[]) ORDER BY l.id`,
);
export const listingsByVariants = (tx: Tx, variantIds: readonly string[]) =>
  tx.query<ListingRow>(byVariantsStatement, [tx.tenantId, variantIds]);

const pageStatement = sql(
  'listing.page-of-connection',
  `SELECT ${columns} FROM listing l
   WHERE l.tenant_id = $1 AND l.connection_id = $2 AND ($3::uuid IS NULL OR l.id > $3)
   ORDER BY l.id LIMIT $4`,
);
export const listingsOfConnection = (
  tx: Tx,
  page: { connectionId: string; after: string | undefined; limit: number },
) =>
  tx.query<ListingRow>(pageStatement, [
    tx.tenantId,
    page.connectionId,
    page.after ?? null,
    page.limit,
  ]);
