-- The live holds of a sale, with their levels locked; p_line null stands for all lines.
CREATE OR REPLACE FUNCTION sale_holds_lock(p_tenant uuid, p_sale uuid, p_line text, OUT ids uuid[], OUT locked_at timestamptz) LANGUAGE plpgsql AS $fn$
DECLARE
  v_items uuid[]; v_places uuid[];
BEGIN
  SELECT array_agg(s.stock_item_id), array_agg(s.location_id) INTO v_items, v_places FROM (
    SELECT DISTINCT h.stock_item_id, h.location_id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text
      AND (p_line IS NULL OR h.line_id = p_line) AND h.status = 'LIVE') s;
  locked_at := clock_timestamp();
  IF v_items IS NULL THEN RETURN; END IF;
  SELECT x.locked_at INTO sale_holds_lock.locked_at FROM level_lock(p_tenant, v_items, v_places) x;
  -- Again under the locks: what expired meanwhile has been settled.
  SELECT array_agg(h.id ORDER BY h.id) INTO ids FROM hold h
  WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text
    AND (p_line IS NULL OR h.line_id = p_line) AND h.status = 'LIVE';
END $fn$;
