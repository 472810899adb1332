CREATE OR REPLACE FUNCTION stock_item_low_stock_due() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO low_stock_due (tenant_id, stock_item_id) VALUES (NEW.tenant_id, NEW.id);
  RETURN NULL;
END $fn$;

CREATE OR REPLACE TRIGGER stock_item_low_stock_due
AFTER UPDATE OF low_stock_threshold,
tracking ON stock_item FOR EACH ROW WHEN (
  OLD.low_stock_threshold <> NEW.low_stock_threshold
  OR OLD.tracking <> NEW.tracking
)
EXECUTE FUNCTION stock_item_low_stock_due();
