-- As sale_line_release, for a line that did not come about: a hold that it had taken over becomes again what it was,
-- until when it was.
CREATE OR REPLACE FUNCTION sale_line_give_back(p_tenant uuid, p_sale uuid, p_line text)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  s record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, p_sale::text));
  IF NOT EXISTS (SELECT FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale) THEN
    SELECT * INTO s FROM sale_holds_lock(p_tenant, p_sale, p_line);
    WITH before AS (
      DELETE FROM hold_takeover k WHERE k.tenant_id = p_tenant AND k.hold_id = ANY (s.ids) RETURNING k.*)
    UPDATE hold h SET subject = b.subject, purpose = b.purpose, channel = b.channel, reference_kind = b.reference_kind,
      reference_id = b.reference_id, line_id = NULL, part = b.part, expires_at = b.expires_at
    FROM before b WHERE h.tenant_id = p_tenant AND h.id = b.hold_id;
  END IF;
  RETURN sale_line_release(p_tenant, p_sale, p_line);
END $fn$;
