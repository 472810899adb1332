-- p_sale: {id, channel, registerId, locationId, locationCode, currencyCode, externalId, subject, salesperson?, customerId?, lines?,
-- totalMinor?}. Answers {outcome, record?, sale?}, outcome one of OPENED, KEY_USED, EXTERNAL_ID_TAKEN, and those of
-- sale_place; everything but OPENED has written nothing.
CREATE OR REPLACE FUNCTION sale_open(p_tenant uuid, p_key text, p_hash text, p_sale jsonb)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  v_record json; v_place record; v_row sale;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_record := idempotency_claim(p_tenant, p_key, 'saleOpen', p_hash,
                                jsonb_build_object('saleId', p_sale ->> 'id'));
  IF v_record IS NOT NULL THEN
    RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record,
      'sale', sale_by_id(p_tenant, (v_record #>> '{response,saleId}')::uuid));
  END IF;
  SELECT * INTO v_place FROM sale_place(p_tenant, p_sale, false);
  IF v_place.outcome = 'FREE' THEN
    INSERT INTO sale AS s (tenant_id, id, channel, external_id, register_id, location_id, location_code,
                           currency_code, opened_by, salesperson, customer_id, total_minor, version)
    VALUES (p_tenant, (p_sale ->> 'id')::uuid, p_sale ->> 'channel', p_sale ->> 'externalId',
            (p_sale ->> 'registerId')::uuid, v_place.location, v_place.code, p_sale ->> 'currencyCode',
            p_sale ->> 'subject', p_sale ->> 'salesperson', (p_sale ->> 'customerId')::uuid, coalesce((p_sale ->> 'totalMinor')::bigint, 0),
            1 + coalesce(jsonb_array_length(p_sale -> 'lines'), 0))
    ON CONFLICT ON CONSTRAINT sale_external_id_key DO NOTHING
    RETURNING s.* INTO v_row;
    IF FOUND THEN
      IF p_sale ? 'lines' THEN PERFORM sale_lines_insert(p_tenant, v_row.id, v_place.location, p_sale -> 'lines'); END IF;
      RETURN json_build_object('outcome', 'OPENED', 'sale', sale_view(v_row));
    END IF;
  END IF;
  PERFORM idempotency_unclaim(p_tenant, p_key);
  RETURN sale_not_begun(p_tenant, v_place.outcome, p_sale);
END $$;
