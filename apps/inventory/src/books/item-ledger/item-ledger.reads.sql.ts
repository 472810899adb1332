import { sql, type Tx } from '@onecount/db';
import type { Period, Totals, ReadingRow } from './item-ledger.ts';

const during = (at: string) => `${at} >= $3::timestamptz AND ${at} < $4::timestamptz`;

// Infinity and not null: "is null or" and coalesce would keep a kept plan from going by the index.
const boundsOf = ({ from, to }: Period) => [from ?? '-infinity', to ?? 'infinity'];

// Cost of goods comes from the movements of stock. One that came back brings its cost back with it, or
// selling it again would count it twice. What was sold before it was there costs when it comes.
const totalsOf = (whose: Record<'entries' | 'movement' | 'layer' | 'namedLater', string>) => `
  SELECT k.id, jsonb_build_object(
    'currencies', coalesce((SELECT jsonb_agg(jsonb_build_object('currencyCode', s.currency, 'income', s.income::text,
        'expense', s.expense::text, 'costOfGoods', s.cost::text) ORDER BY s.currency) FROM (
      SELECT x.currency, sum(x.income) AS income, sum(x.expense) AS expense, sum(x.cost) AS cost FROM (
        SELECT e.currency_code AS currency, CASE e.kind WHEN 'INCOME' THEN e.amount_minor ELSE 0 END AS income,
          CASE e.kind WHEN 'INCOME' THEN 0 ELSE e.amount_minor END AS expense, 0 AS cost
        FROM (${whose.entries}) e
        WHERE e.amount_minor IS NOT NULL AND ${during('e.occurred_at')}
        UNION ALL
        SELECT m.cost_currency, 0, 0, CASE WHEN m.quantity < 0 THEN m.cost_minor ELSE -m.cost_minor END FROM movement m
        WHERE m.tenant_id = $1 AND ${whose.movement} AND m.reason IN ('SALE', 'SALE_CORRECTION', 'RETURN')
          AND m.cost_minor IS NOT NULL AND ${during('m.occurred_at')}
        UNION ALL
        SELECT l.currency, 0, 0, l.sold_ahead_minor FROM cost_layer l
        WHERE l.tenant_id = $1 AND ${whose.layer} AND l.sold_ahead > 0 AND ${during('l.received_at')}) x
      GROUP BY x.currency) s), '[]'),
    'quantityWithoutCost', (
      SELECT greatest(0, coalesce(sum(-m.quantity + CASE WHEN m.quantity < 0 THEN -1 ELSE 1 END * coalesce(m.cost_quantity, 0)), 0) - (
        SELECT coalesce(sum(l.sold_ahead), 0) FROM cost_layer l
        WHERE l.tenant_id = $1 AND ${whose.layer} AND l.sold_ahead > 0 AND ${during('l.received_at')}))
      FROM movement m
      WHERE m.tenant_id = $1 AND ${whose.movement} AND m.reason IN ('SALE', 'SALE_CORRECTION', 'RETURN')
        AND m.cost_quantity IS DISTINCT FROM abs(m.quantity) AND ${during('m.occurred_at')}) + ${whose.namedLater}) AS totals
  FROM unnest($2::uuid[]) AS k (id)`;

const entriesWhere = (whose: string) =>
  `SELECT x.* FROM item_ledger_entry x WHERE x.tenant_id = $1 AND ${whose}`;
// OFFSET 0: each is looked up by its id; as a join they could be sought in the whole ledger.
const entriesOfSales = `SELECT x.* FROM item_ledger_of_sale($1, k.id) AS s (id)
        CROSS JOIN LATERAL (${entriesWhere('x.id = s.id')} OFFSET 0) x`;

const totalsStatements = {
  item: sql(
    'inventory.item-ledger-totals',
    totalsOf({
      entries: entriesWhere('x.stock_item_id = k.id'),
      movement: 'm.stock_item_id = k.id',
      layer: 'l.stock_item_id = k.id',
      namedLater: '0',
    }),
  ),
  unit: sql(
    'inventory.item-ledger-unit-totals',
    totalsOf({
      entries: `${entriesWhere('x.serial_unit_id = k.id')} UNION ALL
        ${entriesOfSales}`,
      movement: 'm.serial_unit_id = k.id',
      // A unit is there before it is sold.
      layer: 'false',
      // No movement is of a unit that was named after its sale: what it had cost is known of the item only.
      namedLater: `(
        SELECT count(*) FROM (${entriesOfSales}) e
        WHERE e.line_id IS NOT NULL AND ${during('e.occurred_at')} AND NOT EXISTS (
          SELECT FROM movement m WHERE m.tenant_id = $1 AND m.serial_unit_id = k.id AND m.reason = 'SALE'
            AND m.reference_id = e.reference_id AND m.line_id = e.line_id))`,
    }),
  ),
};

export type LedgerScope = keyof typeof totalsStatements;
export type TotalsOf = { id: string; totals: Totals };

/** Sums of many items, or of many units, in one statement; every id has a row. */
export function selectTotals(
  tx: Tx,
  of: { scope: LedgerScope; ids: readonly string[]; period: Period },
): Promise<TotalsOf[]> {
  const { scope, ids, period } = of;
  return tx.query<TotalsOf>(totalsStatements[scope], [tx.tenantId, ids, ...boundsOf(period)]);
}

const reportStatement = sql(
  'inventory.item-ledger-report',
  `SELECT i.id AS "stockItemId", i.sku FROM (
     SELECT e.stock_item_id FROM item_ledger_entry e
     WHERE e.tenant_id = $1 AND ${during('e.occurred_at')} AND e.amount_minor IS NOT NULL
     UNION
     SELECT m.stock_item_id FROM movement m
     WHERE m.tenant_id = $1 AND ${during('m.occurred_at')}
       AND m.reason IN ('SALE_CORRECTION', 'RETURN')) a
   JOIN stock_item i ON i.tenant_id = $1 AND i.id = a.stock_item_id
   WHERE i.sku > $2 AND ($5::text IS NULL OR i.category = $5)
     AND ($6::text IS NULL OR i.tracking = $6)
   ORDER BY i.sku LIMIT $7`,
);

export type ReportPage = {
  period: Period;
  after: string | undefined;
  category: string | null;
  tracking: string | null;
  limit: number;
};

/** The items with anything in the period, by SKU. */
export function selectReportPage(
  tx: Tx,
  page: ReportPage,
): Promise<{ stockItemId: string; sku: string }[]> {
  const { period, after, category, tracking, limit } = page;
  const values = [tx.tenantId, after ?? '', ...boundsOf(period), category, tracking, limit];
  return tx.query<{ stockItemId: string; sku: string }>(reportStatement, values);
}

// OFFSET 0: asked of the few rows that are looked at, not joined with all.
const isCorrected = (entry: string) =>
  `EXISTS (SELECT FROM item_ledger_entry c WHERE c.tenant_id = ${entry}.tenant_id AND c.corrects_id = ${entry}.id OFFSET 0)`;

const latestStatement = sql(
  'inventory.item-ledger-latest',
  `SELECT k.id, r.* FROM unnest($2::uuid[]) AS k (id), unnest(ARRAY['MILEAGE', 'HOURS']) AS u (kind)
   CROSS JOIN LATERAL (
     SELECT x.usage_kind AS kind, trim_scale(x.reading)::text AS reading, x.usage_measure AS measure, x.is_correction AS "isCorrection",
       x.occurred_at AS "occurredAt"
     FROM item_ledger_entry x
     WHERE x.tenant_id = $1 AND x.kind = 'USAGE' AND x.subject_id = k.id
       AND x.usage_kind = u.kind AND x.corrects_id IS NULL AND NOT ${isCorrected('x')}
     ORDER BY x.occurred_at DESC, x.id DESC LIMIT 1) r
   ORDER BY k.id, r.kind DESC`,
);

/** The latest reading of each kind of these units, or of these items' aggregates. */
export function selectLatestReadings(
  tx: Tx,
  ids: readonly string[],
): Promise<({ id: string } & ReadingRow)[]> {
  return tx.query<{ id: string } & ReadingRow>(latestStatement, [tx.tenantId, ids]);
}

const dueOf = (whose: string) => `
  SELECT k.id AS "of", d.id AS "entryId", d.is_due AS "isDue" FROM unnest($2::uuid[]) AS k (id)
  CROSS JOIN LATERAL (
    SELECT l.id, l.next_due_at, coalesce(l.next_due_at <= statement_timestamp(), false) OR coalesce((
      SELECT x.reading_base >= l.next_due_base FROM item_ledger_entry x
      WHERE x.tenant_id = $1 AND x.kind = 'USAGE' AND x.usage_kind = l.next_due_kind
        AND x.subject_id = l.subject_id
        AND x.corrects_id IS NULL AND NOT ${isCorrected('x')}
      ORDER BY x.occurred_at DESC, x.id DESC LIMIT 1), false) AS is_due
    FROM (
      SELECT DISTINCT ON (e.subject_id, lower(e.what)) e.* FROM item_ledger_entry e
      WHERE e.tenant_id = $1 AND e.kind = 'MAINTENANCE' AND ${whose}
        AND e.corrects_id IS NULL AND NOT ${isCorrected('e')}
      ORDER BY e.subject_id, lower(e.what), e.occurred_at DESC, e.id DESC) l
    WHERE num_nonnulls(l.next_due_at, l.next_due_reading) > 0
    ORDER BY is_due DESC, l.next_due_at NULLS LAST, l.id LIMIT 100) d
  ORDER BY k.id, d.is_due DESC, d.next_due_at NULLS LAST, d.id`;

const dueStatements = {
  item: sql('inventory.item-ledger-due', dueOf('e.stock_item_id = k.id')),
  unit: sql('inventory.item-ledger-unit-due', dueOf('e.serial_unit_id = k.id')),
};

export type Due = { of: string; entryId: string; isDue: boolean };

/** The latest maintenance of each work that is to be done again, the most urgent first. */
export function selectMaintenanceDue(
  tx: Tx,
  of: { scope: LedgerScope; ids: readonly string[] },
): Promise<Due[]> {
  return tx.query<Due>(dueStatements[of.scope], [tx.tenantId, of.ids]);
}
