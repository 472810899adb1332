import { tenantTable } from '@onecount/db';

/** What an item or a unit earns and costs over its life; the cost of goods is in the movements (ADR 0089). */
export const booksTables: string = `
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
${tenantTable('item_ledger_entry', { appendOnly: true })}
`;
