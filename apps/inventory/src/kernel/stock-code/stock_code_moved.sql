CREATE OR REPLACE FUNCTION stock_code_moved() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO stock_code_change (tenant_id, code, kind, change, from_stock_item_id, from_serial_unit_id,
    to_stock_item_id, to_serial_unit_id, note, actor)
  SELECT n.tenant_id, n.code, n.kind, 'MOVED', o.stock_item_id, o.serial_unit_id, n.stock_item_id, n.serial_unit_id, n.note, n.actor
  FROM now_there n JOIN was_there o ON o.tenant_id = n.tenant_id AND o.code = n.code
  WHERE (o.stock_item_id, o.serial_unit_id) IS DISTINCT FROM (n.stock_item_id, n.serial_unit_id);
  RETURN NULL;
END $fn$;

CREATE OR REPLACE TRIGGER stock_code_moved
AFTER UPDATE ON stock_code REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there FOR EACH STATEMENT
EXECUTE FUNCTION stock_code_moved();
