-- Lines that know only names, for sale_claim: a line without stockItemId is given the item of its SKU, and
-- the unit of that item whose serial value, else stock number, is its serial. What nothing has is named by
-- an id that nothing has either, so that the claim refuses the line instead of taking it for a generic one.
CREATE OR REPLACE FUNCTION sale_lines_resolve(p_tenant uuid, p_lines jsonb)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_nobody constant text := '00000000-0000-0000-0000-000000000000';
  v_lines jsonb := '[]'; v_line jsonb; v_item uuid; v_unit uuid;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  FOR v_line IN SELECT q FROM jsonb_array_elements(p_lines) q LOOP
    IF v_line ->> 'stockItemId' IS NULL THEN
      SELECT i.id INTO v_item FROM stock_item i WHERE i.tenant_id = p_tenant AND i.sku_key = identifier_key(v_line ->> 'sku');
      v_line := v_line || jsonb_build_object('stockItemId', coalesce(v_item::text, v_nobody));
      IF v_line ->> 'serial' IS NOT NULL THEN
        SELECT u.id INTO v_unit FROM serial_unit u
        WHERE u.tenant_id = p_tenant AND u.stock_item_id = v_item AND u.serial = v_line ->> 'serial';
        IF NOT FOUND THEN
          SELECT u.id INTO v_unit FROM serial_unit u
          WHERE u.tenant_id = p_tenant AND u.stock_number_key = identifier_key(v_line ->> 'serial') AND u.stock_item_id = v_item;
        END IF;
        v_line := v_line || jsonb_build_object('serialUnitId', coalesce(v_unit::text, v_nobody));
      END IF;
    END IF;
    v_lines := v_lines || v_line;
  END LOOP;
  RETURN v_lines;
END $fn$;
