-- Holds for the lines of one sale, all or none in one statement: when a line is refused, what the others
-- were given is undone by the block's own rollback, and the answers say why. The sale's lock comes before
-- any level, as everywhere a sale is touched.
CREATE OR REPLACE FUNCTION sale_holds_place(p_tenant uuid, p_sale uuid, p_requests jsonb)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_answers jsonb;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock_shared(sale_lock_key(p_tenant, p_sale::text));
  BEGIN
    v_answers := hold_place_all(p_tenant, p_requests);
    IF EXISTS (SELECT FROM jsonb_array_elements(v_answers) a WHERE a ->> 'outcome' NOT IN ('PLACED', 'UNTRACKED')) THEN
      RAISE SQLSTATE 'OC001';
    END IF;
  EXCEPTION WHEN SQLSTATE 'OC001' THEN
    -- A variable keeps its value through the rollback.
  END;
  RETURN v_answers;
END $fn$;
