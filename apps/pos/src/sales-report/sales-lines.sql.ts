import { sql, type Tx } from '@onecount/db';
import { filterValues, isWanted } from './report-groups.sql.ts';
import type { ReportFilter } from './report-period.ts';

/** A line that was sold, or that came back: then quantity and amounts are below zero. */
export type SalesLine = {
  isReturn: boolean;
  documentId: string;
  number: string;
  saleId: string;
  at: Date;
  /** By the clock of the location: 2026-12-01T10:15:00. */
  localAt: string;
  locationCode: string | null;
  registerName: string | null;
  channel: string;
  cashier: string;
  sku: string;
  title: string;
  serial: string | null;
  category: string | null;
  vendor: string | null;
  quantity: number;
  discountMinor: number;
  totalMinor: number;
  currencyCode: string;
  position: number;
  /** Of the instant, with microseconds, for the next page. */
  atText: string;
};

const statement = sql(
  'pos.report-lines',
  `SELECT * FROM (
     SELECT e.return_id IS NOT NULL AS "isReturn", coalesce(e.return_id, e.sale_id) AS "documentId", e.number,
            e.sale_id AS "saleId", e.at, to_char(e.local_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS "localAt",
            e.location_code AS "locationCode", r.name AS "registerName", e.channel, e.cashier, e.sku, e.title, e.serial,
            e.category, e.vendor, s.sign * e.quantity AS quantity, s.sign * e.discount_minor AS "discountMinor",
            s.sign * e.total_minor AS "totalMinor", e.currency_code AS "currencyCode", e.position, e.at::text AS "atText"
       FROM report_entries($1, $2, $2) e
       CROSS JOIN LATERAL (SELECT CASE WHEN e.return_id IS NULL THEN 1 ELSE -1 END AS sign) s
       LEFT JOIN register r ON r.tenant_id = $1 AND r.id = e.register_id
      WHERE ${isWanted(3)}) l
    WHERE $11::timestamptz IS NULL OR (l.at, l."documentId", l.position) > ($11, $12::uuid, $13::integer)
    ORDER BY l.at, l."documentId", l.position LIMIT $14`,
);

/** Of one day, in the order of their instants. */
export function readLines(
  tx: Tx,
  of: { day: string; filter: ReportFilter; after: SalesLine | undefined; limit: number },
): Promise<SalesLine[]> {
  const { day, filter, after, limit } = of;
  return tx.query<SalesLine>(statement, [
    ...[tx.tenantId, day, ...filterValues(filter)],
    ...[after?.atText ?? null, after?.documentId ?? null, after?.position ?? null, limit],
  ]);
}
