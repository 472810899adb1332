-- The units of a claimed sale's line have changed: whoever asks for the claim again gets the new ones.
CREATE OR REPLACE FUNCTION sale_claim_answer_refresh(p_tenant uuid, p_sale uuid, p_line text)
RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  v_units jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(jsonb_build_object('serialUnitId', u.id, 'serial', u.serial, 'stockNumber', u.stock_number) ORDER BY u.received_at, u.id), '[]')
  INTO v_units FROM (
    SELECT h.serial_unit_id FROM hold h WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text
      AND h.line_id = p_line AND h.status IN ('LIVE', 'SOLD') AND h.serial_unit_id IS NOT NULL) h
  CROSS JOIN LATERAL (SELECT * FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.id = h.serial_unit_id OFFSET 0) u;
  UPDATE sale_claim c SET updated_at = clock_timestamp(), answer = jsonb_set(c.answer, '{lines}', (
    SELECT jsonb_agg(CASE WHEN x.line ->> 'lineId' = p_line THEN x.line || jsonb_build_object('units', v_units) ELSE x.line END ORDER BY x.ord)
    FROM jsonb_array_elements(c.answer -> 'lines') WITH ORDINALITY AS x (line, ord)))
  WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale AND c.answer IS NOT NULL;
END $fn$;
