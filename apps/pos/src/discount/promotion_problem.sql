-- Why a sale cannot have a use of one of its promotions now, {code, reason} of the first; null when it can. A promotion that takes
-- nothing off needs no use. A customer who was merged is the one that was kept.
CREATE OR REPLACE FUNCTION promotion_problem(s sale) RETURNS json LANGUAGE plpgsql STABLE AS $$
DECLARE p promotion; v_now timestamptz := clock_timestamp(); v_customer uuid; v_reason text;
BEGIN
  SELECT coalesce(c.merged_into, c.id) INTO v_customer FROM customer c WHERE c.tenant_id = s.tenant_id AND c.id = s.customer_id;
  FOR p IN SELECT x.* FROM promotion x
             JOIN sale_discount d ON d.tenant_id = x.tenant_id AND d.promotion_id = x.id AND d.amount_minor > 0
            WHERE d.tenant_id = s.tenant_id AND d.sale_id = s.id ORDER BY x.id LOOP
    v_reason := CASE
      WHEN p.ended_at IS NOT NULL THEN 'ENDED'
      WHEN p.valid_from > v_now THEN 'NOT_YET_VALID'
      WHEN p.valid_until <= v_now THEN 'EXPIRED'
      WHEN p.uses_taken >= p.uses_max THEN 'USED_UP'
      WHEN p.customer_uses_max IS NOT NULL AND v_customer IS NULL THEN 'CUSTOMER_NEEDED'
      WHEN p.customer_uses_max <= (
        SELECT count(*) FROM promotion_use u
          JOIN customer c ON c.tenant_id = u.tenant_id AND c.id = u.customer_id
         WHERE u.tenant_id = s.tenant_id AND u.promotion_id = p.id AND u.state <> 'FREED'
           AND coalesce(c.merged_into, c.id) = v_customer) THEN 'USED_UP_BY_CUSTOMER'
    END;
    IF v_reason IS NOT NULL THEN RETURN json_build_object('code', p.code, 'reason', v_reason); END IF;
  END LOOP;
  RETURN NULL;
END $$;
