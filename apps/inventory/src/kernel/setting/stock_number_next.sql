-- The next numbers of a spelling, those left out that a unit bears, that are a code of something else, which is what
-- a scan would find first, or that p_given names. The counter's row is
-- locked to the end of the transaction: two receipts at once wait for each other and never draw one number
-- twice; what is rolled back is drawn again.
CREATE OR REPLACE FUNCTION stock_number_next(p_tenant uuid, p_before text, p_after text, p_digits integer, p_count integer, p_given text[])
RETURNS text[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
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
        -- OFFSET 0: keys that are plain columns by then, which row-level security lets an index serve.
        SELECT d.*, identifier_key(d.number) AS key, code_key(d.number) AS code FROM (SELECT n, p_before || CASE WHEN length(n::text) >= p_digits THEN n::text ELSE lpad(n::text, p_digits, '0') END || p_after AS number
        FROM generate_series(v_last + 1, v_last + v_tried) AS n) d OFFSET 0) t
      WHERE t.key <> ALL (ARRAY(SELECT identifier_key(g) FROM unnest(p_given) g))
        AND NOT EXISTS (SELECT FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.stock_number_key = t.key)
        AND NOT EXISTS (SELECT FROM stock_code c WHERE c.tenant_id = p_tenant AND c.code_key = t.code)
      ORDER BY t.n LIMIT p_count - cardinality(v_numbers)) s;
    v_numbers := v_numbers || coalesce(v_free, '{}');
    -- Behind the last one that was drawn; a shop that numbered by hand before has long runs that are taken.
    v_last := CASE WHEN cardinality(v_numbers) = p_count THEN v_places[cardinality(v_places)] ELSE v_last + v_tried END;
    v_tried := least(v_tried * 2, 10000);
  END LOOP;
  UPDATE stock_number_counter c SET last = v_last WHERE c.tenant_id = p_tenant AND c.prefix = v_prefix;
  RETURN v_numbers;
END $fn$;
