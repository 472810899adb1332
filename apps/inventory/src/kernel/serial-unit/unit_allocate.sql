-- Free units of an item at a location by rule (null: the tenant's), locked. p_freed are units whose holds
-- the caller is about to let go: free to it although they are still marked as held.
CREATE OR REPLACE FUNCTION unit_allocate(
  p_tenant uuid,
  p_item uuid,
  p_location uuid,
  p_quantity integer,
  p_taken uuid[],
  p_freed uuid[],
  p_rule text
) RETURNS uuid[] LANGUAGE plpgsql AS $fn$
DECLARE
  v_ids uuid[] := '{}';
  v_rule text := p_rule;
BEGIN
  IF v_rule IS NULL THEN
    SELECT s.allocation_rule INTO v_rule FROM inventory_setting s WHERE s.tenant_id = p_tenant;
  END IF;
  IF p_freed <> '{}' THEN
    v_ids := ARRAY(SELECT u.id FROM serial_unit u
      WHERE u.tenant_id = p_tenant AND u.id = ANY (p_freed) AND u.id <> ALL (p_taken)
        AND u.stock_item_id = p_item AND u.location_id = p_location AND u.status = 'HELD'
      ORDER BY u.received_at, u.id LIMIT p_quantity FOR NO KEY UPDATE);
  END IF;
  IF cardinality(v_ids) = p_quantity THEN RETURN v_ids; END IF;
  IF v_rule = 'NEWEST' THEN
    RETURN v_ids || ARRAY(SELECT u.id FROM serial_unit u
      WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.location_id = p_location
        AND u.status = 'AVAILABLE' AND u.id <> ALL (p_taken)
      ORDER BY u.received_at DESC, u.id DESC LIMIT p_quantity - cardinality(v_ids) FOR NO KEY UPDATE);
  END IF;
  RETURN v_ids || ARRAY(SELECT u.id FROM serial_unit u
    WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.location_id = p_location
      AND u.status = 'AVAILABLE' AND u.id <> ALL (p_taken)
    ORDER BY u.received_at, u.id LIMIT p_quantity - cardinality(v_ids) FOR NO KEY UPDATE);
END $fn$;
