-- The way to one live hold: its sale, its level, then the hold as it is under these locks. p_subject (a public
-- shop's) sees its own soft holds only. Holds of a document are the document's: only their units may be chosen.
CREATE OR REPLACE FUNCTION hold_lock(
  p_tenant uuid,
  p_hold uuid,
  p_subject text,
  p_may_be_of_sale boolean,
  OUT held hold,
  OUT locked_at timestamptz,
  OUT refused jsonb
) LANGUAGE plpgsql AS $fn$
DECLARE
  v_was_of_sale boolean;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT * INTO held FROM hold x WHERE x.tenant_id = p_tenant AND x.id = p_hold;
  IF held.id IS NULL OR (p_subject IS NOT NULL AND (held.subject <> p_subject OR held.kind <> 'SOFT')) THEN
    refused := '{"outcome": "NO_SUCH_HOLD"}';
    RETURN;
  END IF;
  IF held.reference_kind = 'SALE' THEN
    IF NOT p_may_be_of_sale THEN
      refused := jsonb_build_object('outcome', 'OF_A_SALE', 'referenceId', held.reference_id);
      RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, held.reference_id));
  END IF;
  SELECT l.locked_at INTO hold_lock.locked_at FROM level_lock(p_tenant, ARRAY[held.stock_item_id], ARRAY[held.location_id]) l;
  v_was_of_sale := held.reference_kind = 'SALE';
  SELECT * INTO held FROM hold x WHERE x.tenant_id = p_tenant AND x.id = p_hold;
  -- It became a sale's while this waited: that sale's lock comes before the level's, so the whole is begun again.
  IF held.reference_kind = 'SALE' AND v_was_of_sale IS NOT TRUE THEN
    IF p_may_be_of_sale THEN RAISE EXCEPTION 'hold % became a sale''s', p_hold USING ERRCODE = '40001'; END IF;
    refused := jsonb_build_object('outcome', 'OF_A_SALE', 'referenceId', held.reference_id);
  ELSIF held.status <> 'LIVE' THEN
    refused := jsonb_build_object('outcome', 'NOT_LIVE', 'status', held.status);
  -- What a line names belongs to its document; a unit in repair or come back is kept by its status.
  ELSIF (held.reference_kind IS DISTINCT FROM 'SALE' AND held.line_id IS NOT NULL) OR EXISTS (
      SELECT FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.id = held.serial_unit_id AND u.status <> 'HELD') THEN
    refused := jsonb_build_object('outcome', 'OF_A_DOCUMENT', 'purpose', held.purpose,
      'referenceKind', held.reference_kind, 'referenceId', held.reference_id);
  END IF;
END $fn$;
