-- Triggers write the history of a code: receipts, the catalog's event and conversions assign codes too, and
-- none of them can forget it. stock_code holds the live ones, so that its primary key says that a code names one thing.
CREATE OR REPLACE FUNCTION stock_code_assigned() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO stock_code_change (tenant_id, code, kind, change, to_stock_item_id, to_serial_unit_id, note, actor)
  SELECT tenant_id, code, kind, 'ASSIGNED', stock_item_id, serial_unit_id, note, actor FROM now_there;
  RETURN NULL;
END $fn$;

CREATE OR REPLACE TRIGGER stock_code_assigned
AFTER INSERT ON stock_code REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT
EXECUTE FUNCTION stock_code_assigned();
