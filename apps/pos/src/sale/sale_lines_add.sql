-- p_lines: the lines that are added, as in sale_view; p_answers: what every line of the request is answered, kept with the
-- key. Outcome ADDED, KEY_USED, NOT_OPEN (the sale then says what it is), or TOO_MANY when others added lines meanwhile.
CREATE OR REPLACE FUNCTION sale_lines_add(
  p_tenant uuid,
  p_key text,
  p_hash text,
  p_sale uuid,
  p_lines jsonb,
  p_answers jsonb,
  p_lines_max integer
) RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_record json; v_row sale; v_count integer := jsonb_array_length(p_lines);
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_record := idempotency_claim(p_tenant, p_key, 'saleLinesAdd', p_hash,
                                jsonb_build_object('saleId', p_sale, 'answers', p_answers));
  IF v_record IS NOT NULL THEN
    RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record,
      'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale AND s.status = 'OPEN' AND s.parked_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'NOT_OPEN', 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  -- Counted under the lock: one claim takes only so many.
  IF v_count + (SELECT count(*) FROM sale_line l WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale) > p_lines_max THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'TOO_MANY');
  END IF;
  UPDATE sale AS s
     SET version = s.version + v_count, active_at = clock_timestamp(),
         total_minor = s.total_minor + (
           SELECT coalesce(sum(l.quantity * l."unitPriceMinor"), 0)
             FROM jsonb_to_recordset(p_lines) AS l(quantity bigint, "unitPriceMinor" bigint))
   WHERE s.tenant_id = p_tenant AND s.id = p_sale
  RETURNING s.* INTO v_row;
  PERFORM sale_lines_insert(p_tenant, p_sale, v_row.location_id, p_lines);
  IF v_row.has_discounts THEN v_row := sale_discounts_apply(p_tenant, p_sale); END IF;
  RETURN json_build_object('outcome', 'ADDED', 'sale', sale_view(v_row));
END $$;
