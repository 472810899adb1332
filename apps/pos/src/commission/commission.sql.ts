import { exactlyOne, sql, type Tx } from '@onecount/db';
import { costedEntries } from '../sales-report/margin-report.sql.ts';
import { requestValues } from '../sales-report/report-groups.sql.ts';
import type { Period, ReportFilter } from '../sales-report/report-period.ts';
import type { CommissionRate, CommissionRow, NewRate } from './commission.ts';

const columns = `id, salesperson, basis, basis_points AS "basisPoints", to_char(valid_from, 'YYYY-MM-DD') AS "fromDate",
  set_by AS "setBy", set_at AS "setAt", set_at::text AS position`;

const insertStatement = sql(
  'pos.commission-rate-insert',
  `INSERT INTO commission_rate (tenant_id, id, salesperson, basis, basis_points, valid_from, set_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

export async function insertRate(
  tx: Tx,
  { id, salesperson, basis, basisPoints, fromDate, setBy }: NewRate & { id: string; setBy: string },
): Promise<void> {
  const values = [tx.tenantId, id, salesperson, basis, basisPoints, fromDate, setBy];
  await tx.query(insertStatement, values);
}

const byIdStatement = sql(
  'pos.commission-rate-by-id',
  `SELECT ${columns} FROM commission_rate WHERE tenant_id = $1 AND id = $2`,
);

export async function rateById(tx: Tx, id: string): Promise<CommissionRate> {
  return exactlyOne(await tx.query<CommissionRate>(byIdStatement, [tx.tenantId, id]));
}

// Rates are set by people: a shop has dozens of them.
const pageStatement = sql(
  'pos.commission-rate-page',
  `SELECT ${columns} FROM commission_rate
    WHERE tenant_id = $1 AND ($3::timestamptz IS NULL OR (set_at, id) < ($3, $4::uuid))
    ORDER BY set_at DESC, id DESC LIMIT $2`,
);

/** Newest first. */
export function ratePage(
  tx: Tx,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<CommissionRate[]> {
  const [position = null, id = null] = after ?? [];
  return tx.query<CommissionRate>(pageStatement, [tx.tenantId, limit, position, id]);
}

// A rate of one's own before that of all, then the latest day, then the newest word on that day; by the day of the sale, so
// that what comes back takes back what its sale gave.
const reportStatement = sql(
  'pos.commission-report',
  `WITH base AS (
     SELECT e.salesperson, e.currency_code, r.basis, r.basis_points, e.cost_minor IS NULL AS is_without_cost,
            CASE WHEN e.return_id IS NULL THEN e.total_minor ELSE -e.total_minor END AS net,
            CASE WHEN e.return_id IS NULL THEN e.cost_minor ELSE -e.cost_minor END AS cost
       FROM (${costedEntries}) e
       LEFT JOIN LATERAL (
         SELECT x.basis, x.basis_points FROM commission_rate x
          WHERE x.tenant_id = $1 AND (x.salesperson = e.salesperson OR x.salesperson IS NULL) AND x.valid_from <= e.sold_on
          ORDER BY x.salesperson IS NULL, x.valid_from DESC, x.set_at DESC LIMIT 1) r ON true
   ), sum AS (
     SELECT b.salesperson, b.currency_code, b.basis, b.basis_points, sum(b.net)::bigint AS net,
            coalesce(sum(b.net) FILTER (WHERE b.is_without_cost), 0)::bigint AS without_cost,
            CASE b.basis WHEN 'NET' THEN sum(b.net)
                         WHEN 'MARGIN' THEN coalesce(sum(b.net - b.cost) FILTER (WHERE NOT b.is_without_cost), 0)
                         ELSE 0 END AS base
       FROM base b GROUP BY b.salesperson, b.currency_code, b.basis, b.basis_points)
   SELECT * FROM (
     SELECT s.salesperson, s.currency_code AS "currencyCode", s.basis, s.basis_points AS "basisPoints", s.net AS "netMinor",
            s.without_cost AS "netWithoutCostMinor", s.base::bigint AS "baseMinor",
            coalesce(round(s.base * s.basis_points / 10000.0), 0)::bigint AS "commissionMinor",
            concat_ws(' ', s.salesperson, s.currency_code, s.basis, lpad(s.basis_points::text, 5, '0')) COLLATE "C" AS position
       FROM sum s) c
    WHERE $13::text IS NULL OR c.position > $13 ORDER BY c.position LIMIT $14`,
);

/** By salesperson. */
export function readCommissions(
  tx: Tx,
  of: Period & { filter: ReportFilter },
  { after, limit }: { after: string | undefined; limit: number },
): Promise<CommissionRow[]> {
  const values = requestValues(tx, { ...of, groupBy: 'SALESPERSON' });
  return tx.query<CommissionRow>(reportStatement, [...values, after ?? null, limit]);
}
