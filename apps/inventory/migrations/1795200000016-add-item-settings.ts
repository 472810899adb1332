import { migration, tenantTable } from '@onecount/db';

/** Lists of a million items, reorder points, and the counters behind generated stock numbers. */
export const AddItemSettings1795200000016 = migration(
  'AddItemSettings1795200000016',
  `
-- Lists are ordered by SKU: what narrows one stands before the SKU, so that a page is a range of an index.
DROP INDEX stock_item_category;
CREATE INDEX stock_item_category ON stock_item (tenant_id, category, sku) WHERE category IS NOT NULL;
CREATE INDEX stock_item_tracking ON stock_item (tenant_id, tracking, sku);
CREATE INDEX stock_item_without_variant ON stock_item (tenant_id, sku) WHERE variant_id IS NULL;
-- Prefixes without regard to case, as ranges of plain columns: under row-level security no index serves LIKE
-- or lower(), because neither is leakproof. A title's first characters, because an index has no room for more.
ALTER TABLE stock_item
  ADD COLUMN sku_key   text COLLATE "C" GENERATED ALWAYS AS (lower(sku COLLATE pg_c_utf8)) STORED,
  ADD COLUMN title_key text COLLATE "C" GENERATED ALWAYS AS (lower(left(title, 64) COLLATE pg_c_utf8)) STORED;
CREATE INDEX stock_item_sku_key ON stock_item (tenant_id, sku_key);
CREATE INDEX stock_item_title_key ON stock_item (tenant_id, title_key);

-- At or below the point, the quantity is to be ordered for the location. No row: no suggestion.
CREATE TABLE reorder_rule (
  tenant_id     uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id   uuid NOT NULL,
  point         integer NOT NULL CONSTRAINT reorder_rule_point CHECK (point BETWEEN 0 AND 1000000),
  quantity      integer NOT NULL CONSTRAINT reorder_rule_quantity CHECK (quantity BETWEEN 1 AND 1000000),
  updated_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT reorder_rule_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id),
  CONSTRAINT reorder_rule_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT reorder_rule_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id)
);
${tenantTable('reorder_rule')}

-- One row per spelling of a number but for its sequence: 26-11-{SEQ}.
CREATE TABLE stock_number_counter (
  tenant_id uuid NOT NULL,
  prefix    text NOT NULL,
  last      bigint NOT NULL,
  CONSTRAINT stock_number_counter_pkey PRIMARY KEY (tenant_id, prefix)
);
${tenantTable('stock_number_counter')}

-- The next numbers of a spelling, those left out that a unit bears, that are a code of something else, which is what
-- a scan would find first, or that p_given names. The counter's row is
-- locked to the end of the transaction: two receipts at once wait for each other and never draw one number
-- twice; what is rolled back is drawn again.
CREATE FUNCTION stock_number_next(p_tenant uuid, p_before text, p_after text, p_digits integer, p_count integer, p_given text[])
RETURNS text[] LANGUAGE plpgsql AS $fn$
DECLARE
  v_prefix text := p_before || '{SEQ}' || p_after;
  v_last bigint;
  v_tried bigint := 100;
  v_numbers text[] := '{}';
  v_free text[]; v_places bigint[];
BEGIN
  INSERT INTO stock_number_counter AS c VALUES (p_tenant, v_prefix, 0)
  ON CONFLICT (tenant_id, prefix) DO UPDATE SET last = c.last RETURNING c.last INTO v_last;
  WHILE cardinality(v_numbers) < p_count LOOP
    -- Beyond its digits a sequence grows: a shop that counts to 9999 goes on with 10000.
    SELECT array_agg(s.number ORDER BY s.n), array_agg(s.n ORDER BY s.n) INTO v_free, v_places FROM (
      SELECT t.n, t.number FROM (
        SELECT n, p_before || CASE WHEN length(n::text) >= p_digits THEN n::text ELSE lpad(n::text, p_digits, '0') END || p_after AS number
        FROM generate_series(v_last + 1, v_last + v_tried) AS n) t
      WHERE t.number <> ALL (p_given)
        AND NOT EXISTS (SELECT FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.stock_number = t.number)
        AND NOT EXISTS (SELECT FROM stock_code c WHERE c.tenant_id = p_tenant AND c.code = t.number)
      ORDER BY t.n LIMIT p_count - cardinality(v_numbers)) s;
    v_numbers := v_numbers || coalesce(v_free, '{}');
    -- Behind the last one that was drawn; a shop that numbered by hand before has long runs that are taken.
    v_last := CASE WHEN cardinality(v_numbers) = p_count THEN v_places[cardinality(v_places)] ELSE v_last + v_tried END;
    v_tried := least(v_tried * 2, 10000);
  END LOOP;
  UPDATE stock_number_counter c SET last = v_last WHERE c.tenant_id = p_tenant AND c.prefix = v_prefix;
  RETURN v_numbers;
END $fn$;
ALTER FUNCTION stock_number_next(uuid, text, text, integer, integer, text[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION stock_number_next(uuid, text, text, integer, integer, text[]) SET enable_seqscan = off;
`,
);
