import { sql, type Tx } from '@onecount/db';
import type { TenderKind } from '../report/figures.ts';
import type { Period } from './report-period.ts';

/** Of one kind of tender in one currency. */
export type TenderFigures = {
  kind: TenderKind;
  currencyCode: string;
  payments: number;
  receivedMinor: number;
  changeMinor: number;
  refunds: number;
  refundedMinor: number;
};
export type TenderFilter = {
  locationId?: string | null;
  locationCode?: string | null;
  registerId?: string | null;
  channel?: string | null;
};

// Change is given in cash, once for a sale however many notes it was paid with: it counts at the first of its cash tenders.
export const tenderStatement = sql(
  'pos.report-tenders',
  `WITH document AS MATERIALIZED (
     SELECT * FROM report_documents($1, $2, $3) d
      WHERE ($4::uuid IS NULL OR d.location_id = $4) AND ($5::text IS NULL OR lower(d.location_code) = lower($5))
        AND ($6::uuid IS NULL OR d.register_id = $6) AND ($7::text IS NULL OR d.channel = $7)
   ), paid AS (
     SELECT t.kind, d.currency_code, t.amount_minor AS received, 0::bigint AS refunded, false AS is_refund,
            CASE WHEN t.kind = 'CASH' AND row_number() OVER (PARTITION BY d.sale_id, t.kind ORDER BY t.position) = 1
              THEN d.change_minor ELSE 0 END AS change
       FROM document d JOIN sale_tender t ON t.tenant_id = $1 AND t.sale_id = d.sale_id
      WHERE d.return_id IS NULL
     UNION ALL
     SELECT f.kind, d.currency_code, 0, f.amount_minor, true, 0
       FROM document d JOIN sale_return_refund f ON f.tenant_id = $1 AND f.return_id = d.return_id
   )
   SELECT kind, currency_code AS "currencyCode", (count(*) FILTER (WHERE NOT is_refund))::int AS payments,
          sum(received)::bigint AS "receivedMinor", sum(change)::bigint AS "changeMinor",
          (count(*) FILTER (WHERE is_refund))::int AS refunds, sum(refunded)::bigint AS "refundedMinor"
     FROM paid GROUP BY kind, currency_code ORDER BY kind <> 'CASH', kind, currency_code`,
);

/** Cash first. */
export function readTenders(
  tx: Tx,
  of: Period & { filter: TenderFilter },
): Promise<TenderFigures[]> {
  const { locationId, locationCode, registerId, channel } = of.filter;
  return tx.query<TenderFigures>(tenderStatement, [
    ...[tx.tenantId, of.fromDate, of.toDate, locationId, locationCode, registerId, channel],
  ]);
}
