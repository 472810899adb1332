-- p_sale: {id, channel, registerId, locationId, locationCode, currencyCode, externalId, subject}.
-- Answers {outcome, record?, sale?}, outcome one of OPENED, KEY_USED, REGISTER_UNKNOWN,
-- REGISTER_CLOSED, LOCATION_UNKNOWN, EXTERNAL_ID_TAKEN; everything but OPENED has written nothing.
CREATE OR REPLACE FUNCTION sale_open(p_tenant uuid, p_key text, p_hash text, p_sale jsonb)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  v_record json;
  v_outcome text := 'OPENED';
  v_register uuid := (p_sale ->> 'registerId')::uuid;
  v_location uuid := (p_sale ->> 'locationId')::uuid;
  v_code text := p_sale ->> 'locationCode';
  v_row sale;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_record := idempotency_claim(p_tenant, p_key, 'saleOpen', p_hash,
                                jsonb_build_object('saleId', p_sale ->> 'id'));
  IF v_record IS NOT NULL THEN
    RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record,
      'sale', sale_by_id(p_tenant, (v_record #>> '{response,saleId}')::uuid));
  END IF;

  IF v_register IS NOT NULL THEN
    SELECT r.location_id, r.location_code, CASE WHEN h.id IS NULL THEN 'REGISTER_CLOSED' ELSE 'OPENED' END
      INTO v_location, v_code, v_outcome
      FROM register r
      LEFT JOIN shift h ON h.tenant_id = r.tenant_id AND h.register_id = r.id AND h.closed_at IS NULL
     WHERE r.tenant_id = p_tenant AND r.id = v_register;
    IF NOT FOUND THEN v_outcome := 'REGISTER_UNKNOWN'; END IF;
  ELSIF v_location IS NOT NULL OR v_code IS NOT NULL THEN
    SELECT k.id, k.code INTO v_location, v_code FROM known_location k
     WHERE k.tenant_id = p_tenant AND (v_location IS NULL OR k.id = v_location)
       AND (v_code IS NULL OR k.code = v_code);
    IF NOT FOUND THEN v_outcome := 'LOCATION_UNKNOWN'; END IF;
  END IF;

  IF v_outcome = 'OPENED' THEN
    INSERT INTO sale AS s (tenant_id, id, channel, external_id, register_id, location_id, location_code,
                           currency_code, opened_by)
    VALUES (p_tenant, (p_sale ->> 'id')::uuid, p_sale ->> 'channel', p_sale ->> 'externalId', v_register,
            v_location, v_code, p_sale ->> 'currencyCode', p_sale ->> 'subject')
    ON CONFLICT ON CONSTRAINT sale_external_id_key DO NOTHING
    RETURNING s.* INTO v_row;
    IF FOUND THEN RETURN json_build_object('outcome', v_outcome, 'sale', sale_view(v_row)); END IF;
    SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant
       AND s.channel = p_sale ->> 'channel' AND s.external_id = p_sale ->> 'externalId';
    v_outcome := 'EXTERNAL_ID_TAKEN';
  END IF;
  PERFORM idempotency_unclaim(p_tenant, p_key);
  RETURN json_build_object('outcome', v_outcome, 'sale',
    CASE WHEN v_outcome = 'EXTERNAL_ID_TAKEN' THEN sale_view(v_row) END);
END $$;
