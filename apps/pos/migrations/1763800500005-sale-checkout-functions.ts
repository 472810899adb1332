import { migration } from '@onecount/db';

// The steps of a checkout (docs/sale.md). A step that finds the sale in another state than it
// expects changes nothing and says what it found: the caller, a concurrent twin and the sweeper
// may all run the same step.

const read = `
-- {record?, sale?}: what was asked under this key before, and the sale as it is.
CREATE FUNCTION sale_checkout_read(p_tenant uuid, p_key text, p_sale uuid)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_result json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT json_build_object(
    'record', (SELECT json_build_object('operation', operation, 'inputHash', input_hash,
                                         'response', response)
                 FROM idempotency_record WHERE tenant_id = p_tenant AND key = p_key),
    'sale', (SELECT sale_view(s) FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale))
    INTO v_result;
  RETURN v_result;
END $$;
`;

const intent = `
-- Step 1. The tenders were checked against version p_version of the basket; a line that came or went
-- since then makes the check worthless, so the version guards the move. Outcome PENDING, KEY_USED,
-- CHANGED (read again and decide again) or REGISTER_CLOSED; only PENDING has written anything.
CREATE FUNCTION sale_intent(p_tenant uuid, p_key text, p_hash text, p_sale uuid, p_version integer,
                            p_tenders jsonb, p_change bigint, p_settle_seconds double precision)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_shift uuid; v_outcome text := 'PENDING';
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  IF idempotency_claim(p_tenant, p_key, 'saleCommit', p_hash, jsonb_build_object('saleId', p_sale))
     IS NOT NULL THEN RETURN 'KEY_USED'; END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF NOT FOUND OR v_row.status <> 'OPEN' OR v_row.version <> p_version THEN
    v_outcome := 'CHANGED';
  ELSIF v_row.register_id IS NOT NULL THEN
    -- FOR SHARE: whoever closes the shift waits for us and then counts this sale as pending.
    SELECT h.id INTO v_shift FROM shift h
     WHERE h.tenant_id = p_tenant AND h.register_id = v_row.register_id AND h.closed_at IS NULL FOR SHARE;
    IF NOT FOUND THEN v_outcome := 'REGISTER_CLOSED'; END IF;
  END IF;
  IF v_outcome <> 'PENDING' THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN v_outcome;
  END IF;
  UPDATE sale SET status = 'PENDING', version = version + 1, commit_key = p_key, shift_id = v_shift,
         change_minor = p_change, pending_at = clock_timestamp(),
         settle_after = clock_timestamp() + make_interval(secs => p_settle_seconds)
   WHERE tenant_id = p_tenant AND id = p_sale;
  INSERT INTO sale_tender (tenant_id, sale_id, position, kind, amount_minor, reference)
  SELECT p_tenant, p_sale, t.position, t.kind, t."amountMinor", t.reference
    FROM jsonb_to_recordset(p_tenders) AS t(position integer, kind text, "amountMinor" bigint, reference text);
  RETURN v_outcome;
END $$;
`;

const event = `
-- Payload of pos.sale-committed and pos.sale-voided. No personal data: no person's id, no payment
-- reference, and of a void only its kind, because its reason is free text.
CREATE FUNCTION sale_event(s sale) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'saleId', s.id, 'version', s.version, 'receiptNumber', s.receipt_number, 'channel', s.channel,
    'externalId', s.external_id, 'locationId', s.location_id, 'registerId', s.register_id,
    'committedAt', s.committed_at, 'voidedAt', s.voided_at,
    'reason', CASE WHEN s.status = 'VOIDED' THEN
      CASE WHEN s.refusal_reasons IS NULL THEN 'VOIDED_BY_CALLER' ELSE 'CLAIM_REFUSED' END END,
    'currencyCode', s.currency_code, 'totalMinor', s.total_minor,
    'lines', coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'lineId', l.id, 'stockItemId', l.stock_item_id, 'variantId', l.variant_id, 'sku', l.sku,
        'title', l.title, 'serialUnitId', l.serial_unit_id, 'serial', l.serial, 'tracking', l.tracking,
        'locationId', l.location_id, 'quantity', l.quantity, 'unitPriceMinor', l.unit_price_minor,
        'totalMinor', l.quantity * l.unit_price_minor) ORDER BY l.position)
      FROM sale_line l WHERE l.tenant_id = s.tenant_id AND l.sale_id = s.id), '[]')));
END $$;
`;

const commit = `
-- Step 3. p_claimed: [{lineId, serialUnitId, serial, locationId}], what inventory gave to each line.
-- Outcome COMMITTED, or NOT_PENDING when another driver was first. The sale is locked before the
-- counter, so a number is drawn only by the one who will use it; both in one statement, so a crash
-- takes both back.
CREATE FUNCTION sale_commit(p_tenant uuid, p_sale uuid, p_claimed jsonb, p_traceparent text)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_prefix text; v_number bigint;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF v_row.status IS DISTINCT FROM 'PENDING' THEN
    RETURN json_build_object('outcome', 'NOT_PENDING', 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  UPDATE sale_line l
     SET serial_unit_id = coalesce(c."serialUnitId", l.serial_unit_id),
         serial = coalesce(c.serial, l.serial), location_id = coalesce(c."locationId", l.location_id)
    FROM jsonb_to_recordset(p_claimed) AS c("lineId" uuid, "serialUnitId" uuid, serial text, "locationId" uuid)
   WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.id = c."lineId";
  v_prefix := coalesce(v_row.location_code, v_row.channel);
  INSERT INTO receipt_series AS series (tenant_id, prefix, last_number) VALUES (p_tenant, v_prefix, 1)
  ON CONFLICT ON CONSTRAINT receipt_series_pkey DO UPDATE SET last_number = series.last_number + 1
  RETURNING last_number INTO v_number;
  UPDATE sale AS s
     SET status = 'COMMITTED', version = s.version + 1, committed_at = clock_timestamp(), settle_after = NULL,
         receipt_number = v_prefix || '-' || lpad(v_number::text, greatest(6, length(v_number::text)), '0')
   WHERE s.tenant_id = p_tenant AND s.id = p_sale
  RETURNING s.* INTO v_row;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  VALUES (p_tenant, 'pos.sale-committed', p_sale::text, v_row.version, sale_event(v_row)::json, p_traceparent);
  RETURN json_build_object('outcome', 'COMMITTED', 'sale', sale_view(v_row));
END $$;
`;

const end = `
-- The other end. p_from is the only state that is left (OPEN: a caller gives up, with key and hash;
-- PENDING: the claim was refused, with the reasons). Outcome VOIDED, ALREADY_VOIDED, KEY_USED, or
-- OTHER_STATE with the sale as it is.
CREATE FUNCTION sale_void(p_tenant uuid, p_sale uuid, p_from text, p_reason text, p_refusal jsonb,
                          p_key text, p_hash text, p_settle_seconds double precision,
                          p_traceparent text)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_record json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  IF p_key IS NOT NULL THEN
    v_record := idempotency_claim(p_tenant, p_key, 'saleVoid', p_hash, jsonb_build_object('saleId', p_sale));
    IF v_record IS NOT NULL THEN
      RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record,
        'sale', sale_by_id(p_tenant, p_sale));
    END IF;
  END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF v_row.status = 'VOIDED' THEN
    RETURN json_build_object('outcome', 'ALREADY_VOIDED', 'sale', sale_view(v_row));
  ELSIF v_row.status IS DISTINCT FROM p_from THEN
    IF p_key IS NOT NULL THEN PERFORM idempotency_unclaim(p_tenant, p_key); END IF;
    RETURN json_build_object('outcome', 'OTHER_STATE', 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  UPDATE sale AS s
     SET status = 'VOIDED', version = s.version + 1, voided_at = clock_timestamp(), void_reason = p_reason,
         refusal_reasons = p_refusal, change_minor = 0, settle_attempts = 0,
         settle_after = clock_timestamp() + make_interval(secs => p_settle_seconds)
   WHERE s.tenant_id = p_tenant AND s.id = p_sale
  RETURNING s.* INTO v_row;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  VALUES (p_tenant, 'pos.sale-voided', p_sale::text, v_row.version, sale_event(v_row)::json, p_traceparent);
  RETURN json_build_object('outcome', 'VOIDED', 'sale', sale_view(v_row));
END $$;

-- Inventory has confirmed that nothing is held for this sale any more. Repeating it changes nothing.
CREATE FUNCTION sale_release_confirmed(p_tenant uuid, p_sale uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  UPDATE sale SET release_confirmed_at = clock_timestamp(), settle_after = NULL
   WHERE tenant_id = p_tenant AND id = p_sale AND status = 'VOIDED' AND release_confirmed_at IS NULL;
  RETURN FOUND;
END $$;
`;

export const SaleCheckoutFunctions1763800500005 = migration(
  'SaleCheckoutFunctions1763800500005',
  [read, intent, event, commit, end].join('\n'),
);
