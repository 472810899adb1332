-- Holds for the lines of one sale, all or none in one statement: when a line is refused, what the others
-- were given is undone by the block's own rollback, and the answers say why. The sale's lock comes before
-- any level, as everywhere a sale is touched.
CREATE OR REPLACE FUNCTION sale_holds_place(p_tenant uuid, p_sale uuid, p_requests jsonb)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_requests jsonb := p_requests;
  v_answers jsonb;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock_shared(sale_lock_key(p_tenant, p_sale::text));
  IF p_requests @? '$[*].holdId' THEN
    -- A hold that is taken over is found by its SKU like any line, so that all levels are locked in one order.
    SELECT jsonb_agg(CASE WHEN q.line ? 'holdId' THEN q.line || jsonb_build_object('sku', coalesce(i.sku, '')) ELSE q.line END ORDER BY q.ord)
    INTO v_requests FROM jsonb_array_elements(p_requests) WITH ORDINALITY AS q (line, ord)
    LEFT JOIN hold h ON h.tenant_id = p_tenant AND h.id = (q.line ->> 'holdId')::uuid
    LEFT JOIN stock_item i ON i.tenant_id = p_tenant AND i.id = h.stock_item_id;
  END IF;
  BEGIN
    v_answers := hold_place_all(p_tenant, v_requests);
    IF EXISTS (SELECT FROM jsonb_array_elements(v_answers) a WHERE a ->> 'outcome' NOT IN ('PLACED', 'UNTRACKED')) THEN
      RAISE SQLSTATE 'OC001';
    END IF;
  EXCEPTION WHEN SQLSTATE 'OC001' THEN
    -- A variable keeps its value through the rollback.
  END;
  RETURN v_answers;
END $fn$;
