CREATE OR REPLACE FUNCTION stock_code_retired() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO stock_code_change (tenant_id, code, kind, change, from_stock_item_id, from_serial_unit_id, note, actor)
  SELECT tenant_id, code, kind, 'RETIRED', stock_item_id, serial_unit_id, note, actor FROM was_there;
  RETURN NULL;
END $fn$;

CREATE OR REPLACE TRIGGER stock_code_retired
AFTER DELETE ON stock_code REFERENCING OLD TABLE AS was_there FOR EACH STATEMENT
EXECUTE FUNCTION stock_code_retired();
