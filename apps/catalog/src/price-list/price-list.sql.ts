import { exactlyOne, sql, type Tx } from '@onecount/db';

export type PriceListRow = {
  id: string;
  name: string;
  kind: 'SALE' | 'PRICE_CHANGE';
  status: 'SCHEDULED' | 'ACTIVE' | 'ENDED' | 'CANCELLED';
  timeZone: string;
  startsAt: Date;
  endsAt: Date | null;
  entriesTotal: number;
};
export type PriceListEntry = { variantId: string; currencyCode: string; priceMinor: number };

const columns = `l.id, l.name, l.kind, l.time_zone AS "timeZone", l.starts_at AS "startsAt", l.ends_at AS "endsAt",
  CASE WHEN l.cancelled_at IS NOT NULL THEN 'CANCELLED'
       WHEN l.starts_at > clock_timestamp() THEN 'SCHEDULED'
       WHEN l.kind = 'PRICE_CHANGE' OR l.ends_at <= clock_timestamp() THEN 'ENDED' ELSE 'ACTIVE' END AS status,
  (SELECT count(*)::integer FROM price_list_entry e
    WHERE e.tenant_id = l.tenant_id AND e.price_list_id = l.id) AS "entriesTotal"`;
const byIds = sql(
  'catalog.price-lists-by-id',
  `SELECT ${columns} FROM price_list l WHERE l.tenant_id = $1 AND l.id = ANY ($2::uuid[])`,
);
const page = sql(
  'catalog.price-list-page',
  `SELECT ${columns} FROM price_list l
   WHERE l.tenant_id = $1 AND ($2::uuid IS NULL OR l.id < $2) ORDER BY l.id DESC LIMIT $3`,
);
const zone = sql(
  'catalog.time-zone-known',
  `SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1) AS "isZone"`,
);
const insert = sql(
  'catalog.price-list-insert',
  `INSERT INTO price_list (tenant_id, id, name, kind, time_zone, starts_at, ends_at)
   VALUES ($1, $2, $3, $4, $5::text, $6::timestamp AT TIME ZONE $5::text, $7::timestamp AT TIME ZONE $5::text)`,
);
const insertEntries = sql(
  'catalog.price-list-entries-insert',
  `WITH entry AS (
     INSERT INTO price_list_entry (tenant_id, price_list_id, variant_id, currency_code, price_minor)
     SELECT $1, $2, e."variantId", e."currencyCode", e."priceMinor"
     FROM jsonb_to_recordset($3::jsonb) AS e ("variantId" uuid, "currencyCode" text, "priceMinor" bigint)
     RETURNING variant_id)
   INSERT INTO price_list_product (tenant_id, price_list_id, product_id, due_at)
   SELECT DISTINCT $1::uuid, $2::uuid, v.product_id, l.starts_at
   FROM entry e JOIN variant v ON v.tenant_id = $1 AND v.id = e.variant_id
   JOIN price_list l ON l.tenant_id = $1 AND l.id = $2`,
);
const cancel = sql(
  'catalog.price-list-cancel',
  `UPDATE price_list SET cancelled_at = clock_timestamp()
   WHERE tenant_id = $1 AND id = $2 AND cancelled_at IS NULL
     AND CASE kind WHEN 'SALE' THEN ends_at IS NULL OR ends_at > clock_timestamp() ELSE starts_at > clock_timestamp() END
   RETURNING id`,
);
const dueNow = sql(
  'catalog.price-list-due-now',
  `UPDATE price_list_product SET due_at = clock_timestamp() WHERE tenant_id = $1 AND price_list_id = $2`,
);
const due = sql(
  'catalog.price-list-due',
  `SELECT DISTINCT tenant_id AS "tenantId", product_id AS "productId" FROM (
     SELECT tenant_id, product_id FROM price_list_product
     WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT $1) AS next`,
);
const apply = sql('catalog.price-lists-apply', 'SELECT price_lists_apply($1, $2) AS "isChanged"');
const forget = sql(
  'catalog.price-list-product-forget',
  'UPDATE price_list_product SET due_at = NULL WHERE tenant_id = $1 AND product_id = $2',
);

export function priceListsById(tx: Tx, ids: readonly string[]) {
  return tx.query<PriceListRow>(byIds, [tx.tenantId, ids]);
}

export function priceListPage(tx: Tx, args: { beforeId: string | undefined; limit: number }) {
  return tx.query<PriceListRow>(page, [tx.tenantId, args.beforeId ?? null, args.limit]);
}

/** Whether PostgreSQL, which reckons the instants, knows the zone. */
export async function isTimeZone(tx: Tx, name: string): Promise<boolean> {
  return exactlyOne(await tx.query<{ isZone: boolean }>(zone, [name])).isZone;
}

export async function insertPriceList(
  tx: Tx,
  list: {
    id: string;
    name: string;
    kind: string;
    timeZone: string;
    startsAt: string;
    endsAt: string | null;
  },
  entries: readonly PriceListEntry[],
): Promise<void> {
  const { id, name, kind, timeZone, startsAt, endsAt } = list;
  await tx.query(insert, [tx.tenantId, id, name, kind, timeZone, startsAt, endsAt]);
  await tx.query(insertEntries, [tx.tenantId, id, JSON.stringify(entries)]);
}

/** Its products are looked at again at once. False where it was over already. */
export async function cancelPriceList(tx: Tx, id: string): Promise<boolean> {
  const isCancelled = (await tx.query(cancel, [tx.tenantId, id])).length > 0;
  if (isCancelled) await tx.query(dueNow, [tx.tenantId, id]);
  return isCancelled;
}

/** Products whose prices may change by now, across tenants. */
export function productsDue(tx: Tx, limit: number) {
  return tx.query<{ tenantId: string; productId: string }>(due, [limit]);
}

export async function applyPriceLists(tx: Tx, productId: string): Promise<boolean> {
  return exactlyOne(await tx.query<{ isChanged: boolean }>(apply, [tx.tenantId, productId]))
    .isChanged;
}

/** A product that is deleted has no prices to change. */
export async function forgetDue(tx: Tx, productId: string): Promise<void> {
  await tx.query(forget, [tx.tenantId, productId]);
}
