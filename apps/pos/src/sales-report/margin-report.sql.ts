import { entries, groupStatements } from './report-groups.sql.ts';

/** Entries with what they cost, null where it is not known: what is owed for pieces of somebody else, else what the ledger says. */
export const costedEntries = `SELECT e.*, coalesce(o.cost_minor, c.cost_minor) AS cost_minor
    FROM (${entries}) e
    LEFT JOIN LATERAL consigned_cost($1, e.sale_id, e.line_id, e.return_id, e.quantity, e.currency_code) o ON true
    LEFT JOIN LATERAL (
      SELECT s.cost_minor FROM sold_cost($1, e.sale_id, e.line_id, e.quantity, e.currency_code) s WHERE e.return_id IS NULL
      UNION ALL
      SELECT r.cost_minor
        FROM returned_cost($1, e.sale_id, e.line_id, e.return_id, e.position, e.at, e.quantity, e.currency_code) r
       WHERE e.return_id IS NOT NULL) c ON true`;

const sign = 'CASE WHEN e.return_id IS NULL THEN 1 ELSE -1 END';

export const marginStatements = groupStatements(
  'margin',
  `sum(${sign} * e.quantity)::int AS pieces,
   coalesce(sum(${sign} * e.quantity) FILTER (WHERE e.cost_minor IS NULL), 0)::int AS "piecesWithoutCost",
   sum(${sign} * e.total_minor)::bigint AS "netMinor",
   coalesce(sum(${sign} * e.total_minor) FILTER (WHERE e.cost_minor IS NULL), 0)::bigint AS "netWithoutCostMinor",
   coalesce(sum(${sign} * e.cost_minor), 0)::bigint AS "costMinor"`,
  costedEntries,
);
