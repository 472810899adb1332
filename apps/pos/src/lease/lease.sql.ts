import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Lease } from './lease.ts';

const insertStatement = sql(
  'pos.lease-insert',
  `INSERT INTO lease (tenant_id, id, register_id, device, taken_by, taken_at, sell_until, held_until)
   SELECT $1, $2, $3, $4, $5, n.now, n.now + make_interval(secs => $6), n.now + make_interval(secs => $7)
     FROM clock_timestamp() AS n(now)`,
);
const insertLinesStatement = sql(
  'pos.lease-lines-insert',
  `INSERT INTO lease_line (tenant_id, lease_id, position, id, stock_item_id, variant_id, sku, title, tracking, serial_unit_id,
                           serial, quantity, price_minor, currency_code)
   SELECT $1, $2, l.ord, l.id, l.item, l.variant, l.sku, l.title, l.tracking, l.unit, l.serial, l.quantity, l.price, l.currency
     FROM ROWS FROM (jsonb_to_recordset($3) AS (id uuid, "stockItemId" uuid, "variantId" uuid, sku text, title text, tracking text,
            "serialUnitId" uuid, serial text, quantity integer, "priceMinor" bigint, "currencyCode" text))
          WITH ORDINALITY AS l(id, item, variant, sku, title, tracking, unit, serial, quantity, price, currency, ord)`,
);

export type NewLease = Pick<Lease, 'id' | 'registerId' | 'device' | 'takenBy' | 'lines'> & {
  sellSeconds: number;
  holdSeconds: number;
};

export async function insertLease(tx: Tx, lease: NewLease): Promise<void> {
  const { id, registerId, device, takenBy, lines, sellSeconds, holdSeconds } = lease;
  const values = [tx.tenantId, id, registerId, device, takenBy, sellSeconds, holdSeconds];
  await tx.query(insertStatement, values);
  await tx.query(insertLinesStatement, [tx.tenantId, id, JSON.stringify(lines)]);
}

const endStatement = sql(
  'pos.lease-end',
  `UPDATE lease SET ended_at = clock_timestamp(), ended_by = $3
    WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL`,
);

/** One that has ended stays as it ended. */
export async function endLease(tx: Tx, { id, by }: { id: string; by: string }): Promise<void> {
  await tx.query(endStatement, [tx.tenantId, id, by]);
}

const columns = `e.id, e.register_id AS "registerId", e.device, e.taken_by AS "takenBy", e.taken_at AS "takenAt",
  e.sell_until AS "sellUntil", e.held_until AS "heldUntil", e.ended_at AS "endedAt", e.taken_at::text AS position,
  (SELECT json_agg(json_build_object('id', l.id, 'stockItemId', l.stock_item_id, 'variantId', l.variant_id, 'sku', l.sku,
      'title', l.title, 'tracking', l.tracking, 'serialUnitId', l.serial_unit_id, 'serial', l.serial, 'quantity', l.quantity,
      'priceMinor', l.price_minor, 'currencyCode', l.currency_code) ORDER BY l.position)
     FROM lease_line l WHERE l.tenant_id = e.tenant_id AND l.lease_id = e.id) AS lines`;
const byIdsStatement = sql(
  'pos.leases-by-ids',
  `SELECT ${columns} FROM lease e WHERE e.tenant_id = $1 AND e.id = ANY ($2)`,
);

export function leasesByIds(tx: Tx, ids: readonly string[]): Promise<Lease[]> {
  return tx.query<Lease>(byIdsStatement, [tx.tenantId, ids]);
}

export async function leaseById(tx: Tx, id: string): Promise<Lease> {
  return exactlyOne(await leasesByIds(tx, [id]));
}

const pageStatement = sql(
  'pos.lease-page',
  `SELECT ${columns} FROM lease e
    WHERE e.tenant_id = $1 AND ($2::uuid IS NULL OR e.register_id = $2)
      AND ($3::boolean IS NULL OR (e.ended_at IS NULL AND e.held_until > now()) = $3)
      AND ($4::timestamptz IS NULL OR (e.taken_at, e.id) < ($4, $5::uuid))
    ORDER BY e.taken_at DESC, e.id DESC LIMIT $6`,
);

export function leasePage(
  tx: Tx,
  page: {
    registerId: string | null;
    isKept: boolean | null;
    after: string[] | undefined;
    limit: number;
  },
): Promise<Lease[]> {
  const [position = null, id = null] = page.after ?? [];
  const values = [tx.tenantId, page.registerId, page.isKept, position, id, page.limit];
  return tx.query<Lease>(pageStatement, values);
}
