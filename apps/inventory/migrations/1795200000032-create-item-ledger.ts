import { migration, tenantTable } from '@onecount/db';

/**
 * What an item or a unit earns and costs over its life. The cost of goods is not here: the movements
 * carry it, and a second copy could disagree with them (ADR 0089).
 */
export const CreateItemLedger1795200000032 = migration(
  'CreateItemLedger1795200000032',
  `
CREATE TABLE item_ledger_entry (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL DEFAULT uuidv7(),
  stock_item_id    uuid NOT NULL,
  -- Null for what is kept in aggregate, and for a part of a sale whose unit the movements tell.
  serial_unit_id   uuid,
  kind             text NOT NULL CONSTRAINT item_ledger_kind CHECK (kind IN ('INCOME', 'EXPENSE', 'USAGE', 'MAINTENANCE')),
  amount_minor     bigint,
  currency_code    text,
  quantity         integer CONSTRAINT item_ledger_quantity CHECK (quantity > 0),
  category         text,
  usage_kind       text CONSTRAINT item_ledger_usage_kind CHECK (usage_kind IN ('MILEAGE', 'HOURS')),
  usage_measure    text CONSTRAINT item_ledger_usage_measure CHECK (usage_measure IN ('KILOMETRES', 'MILES', 'HOURS')),
  reading          numeric(15, 3) CONSTRAINT item_ledger_reading CHECK (reading >= 0),
  -- In kilometres or hours, so that a mileage read in miles is ordered among the others: 1 mile is 1.609344 km exactly.
  reading_base     numeric(20, 9) GENERATED ALWAYS AS
                     (reading * CASE usage_measure WHEN 'MILES' THEN 1.609344 ELSE 1 END) STORED,
  is_correction    boolean NOT NULL DEFAULT false,
  what             text,
  provider         text,
  next_due_at      timestamptz(3),
  next_due_kind    text CONSTRAINT item_ledger_next_due_kind CHECK (next_due_kind IN ('MILEAGE', 'HOURS')),
  next_due_measure text,
  next_due_reading numeric(15, 3) CONSTRAINT item_ledger_next_due CHECK (next_due_reading >= 0),
  next_due_base    numeric(20, 9) GENERATED ALWAYS AS
                     (next_due_reading * CASE next_due_measure WHEN 'MILES' THEN 1.609344 ELSE 1 END) STORED,
  note             text,
  reason           text,
  reference_kind   text,
  reference_id     text,
  -- Only of entries that a sale's event posted: which line, and which of its units.
  line_id          text,
  part             integer,
  corrects_id      uuid,
  -- Columns and not expressions: under row-level security an index is not used by what coalesce gives.
  -- Whose counter and work it is, and the entry that it takes back or else itself.
  subject_id       uuid GENERATED ALWAYS AS (coalesce(serial_unit_id, stock_item_id)) STORED,
  origin_id        uuid GENERATED ALWAYS AS (coalesce(corrects_id, id)) STORED,
  actor            text NOT NULL,
  occurred_at      timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT item_ledger_entry_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT item_ledger_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT item_ledger_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id),
  CONSTRAINT item_ledger_corrects_fkey FOREIGN KEY (tenant_id, corrects_id) REFERENCES item_ledger_entry (tenant_id, id),
  -- Twice corrected would take the amount back twice.
  CONSTRAINT item_ledger_corrected_once UNIQUE (tenant_id, corrects_id),
  CONSTRAINT item_ledger_money CHECK ((amount_minor IS NULL) = (currency_code IS NULL)),
  -- Only the reversal of an amount is negative, and a sale's line may be: both are facts that somebody else checked.
  CONSTRAINT item_ledger_amount CHECK (amount_minor >= 0 OR corrects_id IS NOT NULL OR line_id IS NOT NULL),
  CONSTRAINT item_ledger_correction CHECK (corrects_id IS NULL OR length(reason) > 0),
  CONSTRAINT item_ledger_line CHECK (num_nulls(line_id, part) <> 1 AND (line_id IS NULL OR reference_id IS NOT NULL)),
  -- The clock of another service may be ahead of ours; a person's entry lies in the past.
  CONSTRAINT item_ledger_not_ahead CHECK (line_id IS NOT NULL OR occurred_at <= recorded_at + interval '1 minute'),
  CONSTRAINT item_ledger_shape CHECK (CASE kind
    WHEN 'USAGE' THEN num_nulls(usage_kind, usage_measure, reading) = 0 AND amount_minor IS NULL
      AND (usage_kind = 'HOURS') = (usage_measure = 'HOURS') AND (NOT is_correction OR length(reason) > 0)
    WHEN 'MAINTENANCE' THEN length(what) > 0 AND num_nulls(next_due_kind, next_due_measure, next_due_reading) IN (0, 3)
    ELSE amount_minor IS NOT NULL AND length(category) > 0 END)
);
${tenantTable('item_ledger_entry', { appendOnly: true })}
-- A sale posts a line once, whatever is delivered how often.
CREATE UNIQUE INDEX item_ledger_sale_once ON item_ledger_entry
  (tenant_id, reference_kind, reference_id, line_id, kind, part) WHERE line_id IS NOT NULL;
CREATE INDEX item_ledger_item ON item_ledger_entry (tenant_id, stock_item_id, occurred_at, id);
CREATE INDEX item_ledger_unit ON item_ledger_entry (tenant_id, serial_unit_id, occurred_at, id) WHERE serial_unit_id IS NOT NULL;
-- A counter belongs to a unit, or to the item where usage is kept in aggregate.
CREATE INDEX item_ledger_usage ON item_ledger_entry
  (tenant_id, subject_id, usage_kind, occurred_at, id) WHERE kind = 'USAGE';
CREATE INDEX item_ledger_maintenance ON item_ledger_entry (tenant_id, stock_item_id) WHERE kind = 'MAINTENANCE';
-- For the report: which items had anything in a period.
CREATE INDEX item_ledger_period ON item_ledger_entry (tenant_id, occurred_at, stock_item_id);

-- Cost of goods is read from the ledger of stock: what was sold, less what came back.
CREATE INDEX movement_goods_sold ON movement (tenant_id, stock_item_id, occurred_at)
  WHERE reason IN ('SALE', 'SALE_CORRECTION', 'RETURN');
-- A sale is found by its income; what is corrected or comes back later only here.
CREATE INDEX movement_came_back ON movement (tenant_id, occurred_at, stock_item_id)
  WHERE reason IN ('SALE_CORRECTION', 'RETURN');

-- Which units a sale's line was, part by part: the movements know, whether they are written before the income
-- or after it. Those that are named later come behind them (ADR 0057): their holds were chosen after a movement
-- without a unit had been written. So a unit that is known keeps its part whatever is named next.
CREATE FUNCTION sale_line_units(p_tenant uuid, p_sale text, p_line text) RETURNS TABLE (part integer, unit uuid)
LANGUAGE sql STABLE ROWS 3 AS $fn$
  WITH moved AS (
    SELECT m.serial_unit_id AS unit, m.position, m.recorded_at FROM movement m
    WHERE m.tenant_id = p_tenant AND m.reason = 'SALE' AND m.reference_kind = 'SALE' AND m.reference_id = p_sale AND m.line_id = p_line)
  SELECT (row_number() OVER (ORDER BY s.named_at NULLS FIRST, s.position))::integer - 1, s.unit FROM (
    SELECT m.unit, NULL::timestamptz AS named_at, m.position FROM moved m WHERE m.unit IS NOT NULL
    UNION ALL
    SELECT h.serial_unit_id, h.allocated_at, h.part FROM hold h
    WHERE h.tenant_id = p_tenant AND h.reference_id = p_sale AND h.reference_kind = 'SALE' AND h.line_id = p_line
      AND h.serial_unit_id IS NOT NULL
      AND EXISTS (SELECT FROM moved m WHERE m.unit IS NULL AND m.recorded_at < h.allocated_at)) s
$fn$;

CREATE FUNCTION sale_part_unit(p_tenant uuid, p_sale text, p_line text, p_part integer) RETURNS uuid LANGUAGE sql STABLE AS $fn$
  SELECT l.unit FROM sale_line_units(p_tenant, p_sale, p_line) l WHERE l.part = p_part
$fn$;

-- Ids of the entries of sales that were this unit without naming it, and of what took them back.
CREATE FUNCTION item_ledger_of_sale(p_tenant uuid, p_unit uuid) RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 3 AS $fn$
  WITH line AS (
    SELECT m.reference_id AS sale, m.line_id AS line FROM movement m
    WHERE m.tenant_id = p_tenant AND m.serial_unit_id = p_unit AND m.reason = 'SALE' AND m.reference_kind = 'SALE'
    UNION
    SELECT h.reference_id, h.line_id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.serial_unit_id = p_unit AND h.reference_kind = 'SALE' AND h.allocated_at IS NOT NULL),
  of_sale AS (
    SELECT e.id FROM line
    CROSS JOIN LATERAL sale_line_units(p_tenant, line.sale, line.line) u
    CROSS JOIN LATERAL (
      SELECT y.id FROM item_ledger_entry y
      WHERE y.tenant_id = p_tenant AND y.reference_kind = 'SALE' AND y.reference_id = line.sale AND y.line_id = line.line
        AND y.kind = 'INCOME' AND y.part = u.part AND y.serial_unit_id IS NULL OFFSET 0) e
    WHERE u.unit = p_unit)
  SELECT id FROM of_sale
  UNION ALL SELECT e.id FROM of_sale s
    CROSS JOIN LATERAL (SELECT y.id FROM item_ledger_entry y WHERE y.tenant_id = p_tenant AND y.corrects_id = s.id OFFSET 0) e
$fn$;

-- Readings of one counter are written one after the other: two at once would not see each other and could
-- break the order between them. p_of: the unit, or the item where usage is kept in aggregate.
CREATE FUNCTION usage_lock(p_tenant uuid, p_of uuid) RETURNS void LANGUAGE sql AS $fn$
  SELECT pg_advisory_xact_lock(hashtextextended(format('item-ledger-usage/%s/%s', p_tenant, p_of), 0))
$fn$;
`,
);
