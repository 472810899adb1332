-- Lets go what a draft (or one line of it) holds; the caller has locked the levels. Answers how many holds.
CREATE OR REPLACE FUNCTION transfer_let_go(p_tenant uuid, p_transfer uuid, p_line uuid)
RETURNS integer LANGUAGE sql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
  SELECT hold_let_go(p_tenant, ARRAY(
    SELECT h.id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.reference_kind = 'TRANSFER' AND h.reference_id = p_transfer::text
      AND (p_line IS NULL OR h.line_id = p_line::text) AND h.status = 'LIVE'), NULL, clock_timestamp())
$fn$;
