-- The one writer of a movement's cost. A transfer costs nothing: the goods are in stock before and after it.
-- A unit has its own cost and is in no pool. Never insert a movement with ON CONFLICT: the cost of a row that is then
-- left out would be gone from the books.
CREATE OR REPLACE FUNCTION movement_cost() RETURNS trigger LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v record;
BEGIN
  NEW.cost_minor := NULL; NEW.cost_currency := NULL; NEW.cost_quantity := NULL;
  IF NEW.reason = 'TRANSFER' THEN RETURN NEW; END IF;
  IF NEW.serial_unit_id IS NOT NULL THEN
    SELECT u.cost_minor, u.cost_currency, 1 AS cost_quantity INTO v FROM serial_unit u
    WHERE u.tenant_id = NEW.tenant_id AND u.id = NEW.serial_unit_id AND u.cost_minor IS NOT NULL;
    IF NOT FOUND THEN RETURN NEW; END IF;
    IF NEW.quantity > 0 AND NEW.reason IN ('OPENING', 'RECEIPT')
       AND NOT cost_currency_fits(NEW.tenant_id, NEW.stock_item_id, v.cost_currency) THEN
      RAISE EXCEPTION 'a cost in another currency than that of what is in stock'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'item_cost_currency';
    END IF;
  ELSIF NEW.quantity < 0 THEN
    SELECT * INTO v FROM cost_issue(NEW.tenant_id, NEW.stock_item_id, -NEW.quantity);
  ELSE
    SELECT * INTO v FROM cost_of_receipt(NEW);
  END IF;
  NEW.cost_minor := v.cost_minor; NEW.cost_currency := v.cost_currency; NEW.cost_quantity := v.cost_quantity;
  RETURN NEW;
END $fn$;

CREATE OR REPLACE TRIGGER movement_cost
BEFORE INSERT ON movement FOR EACH ROW
EXECUTE FUNCTION movement_cost();
