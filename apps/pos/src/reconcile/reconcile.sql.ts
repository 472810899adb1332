import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { Period } from '../sales-report/report-period.ts';

export type DifferenceKind =
  | 'SALE_WITHOUT_MOVEMENT'
  | 'SALE_QUANTITY_DIFFERS'
  | 'MOVEMENT_WITHOUT_SALE'
  | 'SALE_UNPUBLISHED'
  | 'RETURN_WITHOUT_MOVEMENT'
  | 'RETURN_QUANTITY_DIFFERS'
  | 'MOVEMENT_WITHOUT_RETURN'
  | 'RETURN_UNPUBLISHED';
export type SaleDifference = {
  kind: DifferenceKind;
  at: Date;
  saleId: string;
  lineId: string | null;
  returnId: string | null;
  sku: string | null;
  expected: number;
  actual: number;
  /** Where it stands in the list, with microseconds. */
  position: string;
};
export type SaleDifferenceConnection = Connection<SaleDifference>;

/** What was asked for; `before` divides what is still on its way from what does not agree. */
export type Reconciliation = Period & { before: Date };
export type Counts = { sales: number; returns: number; pending: number; differences: number };

// As long as the outbox keeps what was published (libs/messaging), less a day for its purge.
const differences = `sale_differences($1, $2, $3, interval '6 days')`;

const countsStatement = sql(
  'pos.reconcile-counts',
  `SELECT (SELECT count(*) FILTER (WHERE d.return_id IS NULL)::int FROM report_documents($1, $2, $3) d) AS sales,
          (SELECT count(*) FILTER (WHERE d.return_id IS NOT NULL)::int FROM report_documents($1, $2, $3) d) AS returns,
          (count(*) FILTER (WHERE x.at >= $4))::int AS pending, (count(*) FILTER (WHERE x.at < $4))::int AS differences
     FROM ${differences} x`,
);

export async function readCounts(tx: Tx, of: Reconciliation): Promise<Counts> {
  const values = [tx.tenantId, of.fromDate, of.toDate, of.before];
  return exactlyOne(await tx.query<Counts>(countsStatement, values));
}

const pageStatement = sql(
  'pos.reconcile-page',
  `SELECT * FROM (
     SELECT x.kind, x.at, x.sale_id AS "saleId", x.line_id AS "lineId", x.return_id AS "returnId", x.sku, x.expected, x.actual,
            concat_ws(' ', to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), x.kind, x.sale_id, x.line_id,
                      x.return_id, x.sku) COLLATE "C" AS position
       FROM ${differences} x WHERE x.at < $4) d
    WHERE $5::text IS NULL OR d.position > $5 ORDER BY d.position LIMIT $6`,
);

/** Oldest first. */
export function readDifferences(
  tx: Tx,
  of: Reconciliation,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<SaleDifference[]> {
  const values = [tx.tenantId, of.fromDate, of.toDate, of.before, after ?? null, limit];
  return tx.query<SaleDifference>(pageStatement, values);
}
