-- Per location, in the order of their codes: the balance of the last day that had ended, and the movements since.
-- One location at a time: behind row-level security only a plain value bounds an index scan, no expression.
CREATE OR REPLACE FUNCTION stock_totals_at(p_tenant uuid, p_location uuid, p_at timestamptz)
RETURNS TABLE (location_id uuid, on_hand bigint) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
#variable_conflict use_column
DECLARE
  v_base bigint; v_since timestamptz;
BEGIN
  FOR location_id IN
    SELECT c.id FROM location c WHERE c.tenant_id = p_tenant AND (p_location IS NULL OR c.id = p_location) ORDER BY c.code
  LOOP
    SELECT b.as_of, b.on_hand INTO v_since, v_base FROM location_balance b
    WHERE b.tenant_id = p_tenant AND b.location_id = stock_totals_at.location_id AND b.as_of <= p_at ORDER BY b.as_of DESC LIMIT 1;
    IF NOT FOUND THEN v_since := '-infinity'; v_base := 0; END IF;
    SELECT v_base + coalesce(sum(m.quantity), 0) INTO stock_totals_at.on_hand FROM movement m
    WHERE m.tenant_id = p_tenant AND m.location_id = stock_totals_at.location_id AND m.recorded_at > v_since AND m.recorded_at <= p_at;
    RETURN NEXT;
  END LOOP;
END $fn$;
