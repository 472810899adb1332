-- Until when what is given out or filled up now is good, by the tenant's setting; null without an end.
CREATE OR REPLACE FUNCTION stored_value_expiry(p_tenant uuid, p_kind text)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE v_months integer;
BEGIN
  SELECT CASE p_kind WHEN 'GIFT_CARD' THEN s.gift_card_months ELSE s.store_credit_months END INTO v_months
    FROM stored_value_setting s WHERE s.tenant_id = p_tenant ORDER BY s.set_at DESC LIMIT 1;
  RETURN clock_timestamp() + make_interval(months => v_months);
END $$;
