-- The intent of a sale that is paid already: stored PENDING with its lines and tenders, in sight of the
-- sweeper from its first moment. p_sale as for sale_open, with tenders. Answers {outcome, …}: PENDING with
-- locationId, locationCode, openedAt and version; KEY_USED with record and sale; those of sale_place, or
-- EXTERNAL_ID_TAKEN with sale; TENDERS_CHANGED: what is on a card is not what was read. Only PENDING has written anything.
CREATE OR REPLACE FUNCTION sale_record(p_tenant uuid, p_key text, p_hash text, p_sale jsonb, p_settle_seconds double precision)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  v_record json; v_place record;
  v_id uuid := (p_sale ->> 'id')::uuid;
  v_now timestamptz := clock_timestamp();
  v_version integer := 1 + jsonb_array_length(p_sale -> 'lines');
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_record := idempotency_claim(p_tenant, p_key, coalesce(p_sale ->> 'operation', 'saleRecord'), p_hash, jsonb_build_object('saleId', v_id));
  IF v_record IS NOT NULL THEN
    RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record,
      'sale', sale_by_id(p_tenant, (v_record #>> '{response,saleId}')::uuid));
  END IF;
  SELECT * INTO v_place FROM sale_place(p_tenant, p_sale, true);
  IF v_place.outcome = 'FREE' AND NOT stored_values_cover(p_tenant, p_sale ->> 'currencyCode', p_sale -> 'tenders') THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'TENDERS_CHANGED');
  END IF;
  IF v_place.outcome = 'FREE' THEN
    INSERT INTO sale (tenant_id, id, channel, external_id, status, version, register_id, shift_id, location_id,
                      location_code, currency_code, customer_id, total_minor, opened_at, opened_by, commit_key, pending_at,
                      settle_after, lease_id, sold_at)
    VALUES (p_tenant, v_id, p_sale ->> 'channel', p_sale ->> 'externalId', 'PENDING', v_version,
            (p_sale ->> 'registerId')::uuid, v_place.shift, v_place.location, v_place.code,
            p_sale ->> 'currencyCode', (p_sale ->> 'customerId')::uuid, (p_sale ->> 'totalMinor')::bigint, v_now, p_sale ->> 'subject', p_key,
            v_now, v_now + make_interval(secs => p_settle_seconds),
            (p_sale ->> 'leaseId')::uuid, (p_sale ->> 'soldAt')::timestamptz)
    ON CONFLICT ON CONSTRAINT sale_external_id_key DO NOTHING;
    IF FOUND THEN
      PERFORM sale_lines_insert(p_tenant, v_id, v_place.location, p_sale -> 'lines');
      PERFORM sale_tenders_insert(p_tenant, v_id, p_sale -> 'tenders');
      RETURN json_build_object('outcome', 'PENDING', 'locationId', v_place.location,
        'locationCode', v_place.code, 'openedAt', v_now, 'version', v_version);
    END IF;
  END IF;
  PERFORM idempotency_unclaim(p_tenant, p_key);
  RETURN sale_not_begun(p_tenant, v_place.outcome, p_sale);
END $$;
