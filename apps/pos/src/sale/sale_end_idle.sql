-- Voids an OPEN sale in which nothing was done for p_idle_seconds, looked at again under its lock. Null when something
-- was, or when a line still holds its stock (a lay-by for as long as it is held): then it is looked at again after as long.
CREATE OR REPLACE FUNCTION sale_end_idle(
  p_tenant uuid,
  p_sale uuid,
  p_idle_seconds integer,
  p_reason text,
  p_settle_seconds double precision,
  p_traceparent text
) RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_now timestamptz;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale AND s.status = 'OPEN'
     AND s.active_at <= clock_timestamp() - make_interval(secs => p_idle_seconds) FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  v_now := clock_timestamp();
  IF EXISTS (SELECT FROM sale_line l WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.tracking <> 'NONE'
                AND (l.held_until IS NULL OR l.held_until > v_now)) THEN
    UPDATE sale SET active_at = v_now WHERE tenant_id = p_tenant AND id = p_sale;
    RETURN NULL;
  END IF;
  RETURN sale_void(p_tenant, p_sale, 'OPEN', p_reason, NULL, NULL, NULL, p_settle_seconds, p_traceparent);
END $$;
