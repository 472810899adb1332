import { groupStatements } from './report-groups.sql.ts';

export const salesStatements = groupStatements(
  'sales',
  `(count(DISTINCT e.sale_id) FILTER (WHERE e.return_id IS NULL))::int AS sales,
   count(DISTINCT e.return_id)::int AS returns,
   coalesce(sum(e.quantity) FILTER (WHERE e.return_id IS NULL), 0)::int AS pieces,
   coalesce(sum(e.quantity) FILTER (WHERE e.return_id IS NOT NULL), 0)::int AS "returnedPieces",
   coalesce(sum(e.total_minor + e.discount_minor) FILTER (WHERE e.return_id IS NULL), 0)::bigint AS "grossMinor",
   sum(e.discount_minor)::bigint AS "discountMinor",
   coalesce(sum(e.total_minor) FILTER (WHERE e.return_id IS NULL), 0)::bigint AS "soldMinor",
   coalesce(sum(e.total_minor) FILTER (WHERE e.return_id IS NOT NULL), 0)::bigint AS "returnedMinor"`,
);
