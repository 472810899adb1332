import { sql, type Statement, type Tx } from '@onecount/db';
import type { ReportFilter } from './report-period.ts';
import type { ReportRequest } from './sales-report.ts';

// Every report is the same lines, put in groups and added up. The text of a statement is made once for each report; what is
// asked for is in its parameters.

const keyOf = `CASE $4::text
    WHEN 'DAY' THEN to_char(e.local_at, 'YYYY-MM-DD')
    WHEN 'HOUR' THEN to_char(e.local_at, 'HH24')
    WHEN 'WEEKDAY' THEN to_char(e.local_at, 'ID')
    WHEN 'CHANNEL' THEN e.channel
    WHEN 'REGISTER' THEN e.register_id::text
    WHEN 'LOCATION' THEN e.location_id::text
    WHEN 'CATEGORY' THEN e.category
    WHEN 'VENDOR' THEN e.vendor
    WHEN 'SKU' THEN e.sku
    WHEN 'CASHIER' THEN e.cashier
    WHEN 'SALESPERSON' THEN e.salesperson END`;
const labelOf = `CASE $4::text
    WHEN 'REGISTER' THEN max(e.register_name)
    WHEN 'LOCATION' THEN max(e.location_code)
    WHEN 'SKU' THEN max(e.title) END`;

/** The condition of a filter whose eight values begin at this parameter. */
export function isWanted(first: number): string {
  const at = (index: number, type: string) => `$${first + index}::${type}`;
  const same = (index: number, type: string, column: string) =>
    `(${at(index, type)} IS NULL OR e.${column} = ${at(index, type)})`;
  return [
    same(0, 'uuid', 'location_id'),
    `(${at(1, 'text')} IS NULL OR lower(e.location_code) = lower(${at(1, 'text')}))`,
    same(2, 'uuid', 'register_id'),
    ...['channel', 'cashier', 'category', 'vendor', 'sku'].map((column, index) =>
      same(3 + index, 'text', column),
    ),
  ].join(' AND ');
}

export function filterValues(filter: ReportFilter): unknown[] {
  const { locationId, locationCode, registerId, channel, cashier, category, vendor, sku } = filter;
  return [locationId, locationCode, registerId, channel, cashier, category, vendor, sku];
}

export const entries = `SELECT e.*, r.name AS register_name, coalesce(${keyOf}, '') COLLATE "C" AS key
    FROM report_entries($1, $2, $3) e
    LEFT JOIN register r ON r.tenant_id = $1 AND r.id = e.register_id
   WHERE ${isWanted(5)}`;

/** `figures`: what is selected of a group of entries. `entryOf`: what each entry has beside its own columns. */
export function groupStatements(name: string, figures: string, from = entries) {
  return {
    rows: sql(
      `pos.report-${name}-rows`,
      `SELECT * FROM (
         SELECT e.key, ${labelOf} AS label, e.currency_code AS "currencyCode", ${figures}
           FROM (${from}) e GROUP BY e.key, e.currency_code) g
        WHERE $13::text IS NULL OR (g.key, g."currencyCode") > ($13::text COLLATE "C", $14::text)
        ORDER BY g.key, g."currencyCode" LIMIT $15`,
    ),
    totals: sql(
      `pos.report-${name}-totals`,
      `SELECT e.currency_code AS "currencyCode", ${figures} FROM (${from}) e GROUP BY e.currency_code ORDER BY 1`,
    ),
  };
}

/** The parameters $1 to $12 of whatever reads `entries`. */
export function requestValues(
  tx: Tx,
  { fromDate, toDate, groupBy, filter }: ReportRequest,
): unknown[] {
  return [tx.tenantId, fromDate, toDate, groupBy, ...filterValues(filter)];
}

export type GroupPage = { after: string[] | undefined; limit: number };

export function readGroups<Row>(
  tx: Tx,
  { rows }: { rows: Statement },
  request: ReportRequest,
  { after, limit }: GroupPage,
): Promise<Row[]> {
  const [key = null, currencyCode = null] = after ?? [];
  return tx.query<Row>(rows, [...requestValues(tx, request), key, currencyCode, limit]);
}

export function readTotals<Row>(
  tx: Tx,
  { totals }: { totals: Statement },
  request: ReportRequest,
): Promise<Row[]> {
  return tx.query<Row>(totals, requestValues(tx, request));
}
