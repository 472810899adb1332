-- Outcome REMOVED, KEY_USED, NOT_OPEN, or LINE_UNKNOWN.
CREATE OR REPLACE FUNCTION sale_line_remove(p_tenant uuid, p_key text, p_hash text, p_sale uuid, p_line uuid)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_record json; v_row sale; v_minor bigint;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_record := idempotency_claim(p_tenant, p_key, 'saleLineRemove', p_hash,
                                jsonb_build_object('saleId', p_sale));
  IF v_record IS NOT NULL THEN
    RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record,
      'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF NOT FOUND OR v_row.status <> 'OPEN' OR v_row.parked_at IS NOT NULL THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'NOT_OPEN', 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  DELETE FROM sale_line WHERE tenant_id = p_tenant AND sale_id = p_sale AND id = p_line
  RETURNING total_minor INTO v_minor;
  IF NOT FOUND THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'LINE_UNKNOWN');
  END IF;
  UPDATE sale AS s SET version = s.version + 1, active_at = clock_timestamp(), total_minor = s.total_minor - v_minor
   WHERE s.tenant_id = p_tenant AND s.id = p_sale RETURNING s.* INTO v_row;
  IF v_row.has_discounts THEN v_row := sale_discounts_apply(p_tenant, p_sale); END IF;
  RETURN json_build_object('outcome', 'REMOVED', 'sale', sale_view(v_row));
END $$;
