-- A hold that is there becomes the hold of a sale's line. One row changes hands under the locks of its sale and of its level,
-- and no count moves: there is no moment in which the stock is anybody else's. Whose may be taken (ADR 0170): one's own, one
-- whose secret one knows, with a reason and mayTakeAny anybody's. The caller has the sale's lock. Answers as hold_place does,
-- with the item; else why not, and nothing is written.
CREATE OR REPLACE FUNCTION sale_hold_take(p_tenant uuid, p_take jsonb)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  t record; s record; h hold; v_before hold; v_ground text;
BEGIN
  SELECT * INTO t FROM jsonb_to_record(p_take) AS q ("holdId" uuid, "secretHash" text, reason text, "mayTakeAny" boolean, quantity integer,
    "holdSeconds" integer, channel text, subject text, "referenceId" text, "lineId" text);
  SELECT x.* INTO h FROM hold x WHERE x.tenant_id = p_tenant AND x.reference_kind = 'SALE' AND x.reference_id = t."referenceId"
    AND x.line_id = t."lineId" AND x.status IN ('LIVE', 'SOLD') ORDER BY x.part LIMIT 1;
  IF FOUND THEN
    -- Asked again. A line that held anything else asked with other input.
    IF EXISTS (SELECT FROM hold_takeover k WHERE k.tenant_id = p_tenant AND k.hold_id = t."holdId"
               AND k.sale_id = t."referenceId"::uuid AND k.line_id = t."lineId") THEN
      RETURN sale_hold_answer(h);
    END IF;
    RETURN '{"outcome": "KEY_REUSED"}';
  END IF;
  IF EXISTS (SELECT FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = t."referenceId"::uuid) THEN
    RETURN '{"outcome": "SALE_CLOSED"}';
  END IF;
  SELECT * INTO s FROM hold_lock(p_tenant, t."holdId", NULL, false);
  IF s.refused ->> 'outcome' = 'NO_SUCH_HOLD' THEN RETURN s.refused; END IF;
  v_before := s.held;
  v_ground := CASE WHEN v_before.subject = t.subject THEN 'OWN' WHEN v_before.secret_hash = t."secretHash" THEN 'SECRET'
    WHEN t."mayTakeAny" AND t.reason IS NOT NULL THEN 'REASON' END;
  -- Whose it is comes first: a stranger does not learn what became of it.
  IF v_ground IS NULL THEN RETURN '{"outcome": "NOT_YOURS"}'; END IF;
  IF s.refused IS NOT NULL THEN RETURN s.refused; END IF;
  IF v_before.purpose IN ('TRANSFER', 'REPAIR', 'INSPECTION', 'RENTAL') THEN
    RETURN jsonb_build_object('outcome', 'OF_A_DOCUMENT', 'purpose', v_before.purpose);
  END IF;
  IF t.quantity <> v_before.quantity THEN RETURN jsonb_build_object('outcome', 'OTHER_QUANTITY', 'quantity', v_before.quantity); END IF;

  INSERT INTO hold_takeover (tenant_id, hold_id, sale_id, line_id, ground, reason, taken_by, taken_at, subject, purpose, channel,
    reference_kind, reference_id, part, expires_at)
  VALUES (p_tenant, v_before.id, t."referenceId"::uuid, t."lineId", v_ground, t.reason, t.subject, s.locked_at, v_before.subject,
    v_before.purpose, v_before.channel, v_before.reference_kind, v_before.reference_id, v_before.part, v_before.expires_at);
  -- Never shortens, and what does not end by itself stays so. The key and hash of its making stay: whoever made it may ask again.
  UPDATE hold x SET purpose = 'SALE', reference_kind = 'SALE', reference_id = t."referenceId", line_id = t."lineId", part = 0,
    channel = t.channel, subject = t.subject,
    expires_at = CASE WHEN x.kind = 'SOFT' THEN greatest(x.expires_at, s.locked_at + make_interval(secs => t."holdSeconds")) END
  WHERE x.tenant_id = p_tenant AND x.id = v_before.id RETURNING x.* INTO h;
  RETURN sale_hold_answer(h);
END $fn$;
