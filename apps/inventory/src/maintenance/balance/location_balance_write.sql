-- Writes the balances of a location for the days that end after p_from and up to p_until, at most p_days of
-- them; answers how far it came. p_until lies so far back that no transaction that drew its recorded_at before
-- it is still under way.
CREATE OR REPLACE FUNCTION location_balance_write(p_tenant uuid, p_location uuid, p_from timestamptz, p_until timestamptz, p_days integer)
RETURNS timestamptz LANGUAGE plpgsql AS $fn$
DECLARE
  v_base bigint := 0; v_last timestamptz; v_from timestamptz; v_to timestamptz;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT b.as_of, b.on_hand INTO v_last, v_base FROM location_balance b
  WHERE b.tenant_id = p_tenant AND b.location_id = p_location ORDER BY b.as_of DESC LIMIT 1;
  v_from := greatest(v_last, p_from);
  IF v_from IS NULL THEN
    -- What was recorded at the very end of a day is in that day's balance.
    SELECT date_trunc('day', m.recorded_at - interval '1 microsecond', 'UTC') INTO v_from FROM movement m
    WHERE m.tenant_id = p_tenant AND m.location_id = p_location ORDER BY m.recorded_at LIMIT 1;
  END IF;
  IF v_from IS NULL OR v_from >= p_until THEN RETURN p_until; END IF;
  v_to := least(p_until, v_from + make_interval(hours => 24 * p_days));
  INSERT INTO location_balance (tenant_id, location_id, as_of, on_hand)
  SELECT p_tenant, p_location, d.day_end, coalesce(v_base, 0) + sum(d.quantity) OVER (ORDER BY d.day_end)
  FROM (SELECT date_trunc('day', m.recorded_at - interval '1 microsecond', 'UTC') + interval '24 hours' AS day_end,
               sum(m.quantity) AS quantity
        FROM movement m
        WHERE m.tenant_id = p_tenant AND m.location_id = p_location AND m.recorded_at > v_from AND m.recorded_at <= v_to
        GROUP BY 1) d
  ON CONFLICT DO NOTHING;
  RETURN v_to;
END $fn$;
