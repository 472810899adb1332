-- What must be known before the lines of a new sale are asked for: {record, sale, outcome, locationId,
-- prices}. outcome as of sale_place, or EXTERNAL_ID_TAKEN; sale is the record's, else the one that has the
-- external id; prices by SKU.
CREATE OR REPLACE FUNCTION sale_prepare(p_tenant uuid, p_key text, p_sale jsonb, p_skus text[])
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  v_record json; v_sale uuid; v_place record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT json_build_object('operation', operation, 'inputHash', input_hash, 'response', response),
         (response ->> 'saleId')::uuid
    INTO v_record, v_sale
    FROM idempotency_record WHERE tenant_id = p_tenant AND key = p_key;
  IF FOUND THEN RETURN json_build_object('record', v_record, 'sale', sale_by_id(p_tenant, v_sale)); END IF;
  SELECT * INTO v_place FROM sale_place(p_tenant, p_sale, false);
  IF v_place.outcome = 'FREE' AND p_sale ->> 'externalId' IS NOT NULL THEN
    SELECT s.id INTO v_sale FROM sale s WHERE s.tenant_id = p_tenant
       AND s.channel = p_sale ->> 'channel' AND s.external_id = p_sale ->> 'externalId';
    IF FOUND THEN v_place.outcome := 'EXTERNAL_ID_TAKEN'; END IF;
  END IF;
  RETURN json_build_object('outcome', v_place.outcome, 'locationId', v_place.location,
    'sale', CASE WHEN v_sale IS NOT NULL THEN sale_by_id(p_tenant, v_sale) END,
    'isTaxed', tax_terms(p_tenant, v_place.location, clock_timestamp()) IS NOT NULL,
    'prices', prices_by_sku(p_tenant, p_skus));
END $$;
