-- Missing goods leave the books of cost here, because no movement records them. Whoever writes differences of
-- several items locks their costs first (cost_lock).
CREATE OR REPLACE FUNCTION transfer_difference_cost() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  n transfer_line; v record;
BEGIN
  NEW.cost_minor := NULL; NEW.cost_currency := NULL; NEW.cost_quantity := NULL;
  IF NEW.outcome <> 'MISSING' THEN RETURN NEW; END IF;
  SELECT * INTO STRICT n FROM transfer_line x WHERE x.tenant_id = NEW.tenant_id AND x.id = NEW.transfer_line_id;
  IF n.serial_unit_id IS NULL THEN
    SELECT * INTO v FROM cost_issue(NEW.tenant_id, n.stock_item_id, NEW.quantity);
  ELSE
    SELECT u.cost_minor, u.cost_currency, CASE WHEN u.cost_minor IS NOT NULL THEN 1 END AS cost_quantity INTO v
    FROM serial_unit u WHERE u.tenant_id = NEW.tenant_id AND u.id = n.serial_unit_id;
  END IF;
  NEW.cost_minor := v.cost_minor; NEW.cost_currency := v.cost_currency; NEW.cost_quantity := v.cost_quantity;
  RETURN NEW;
END $fn$;

CREATE OR REPLACE TRIGGER transfer_difference_cost
BEFORE INSERT ON transfer_difference FOR EACH ROW
EXECUTE FUNCTION transfer_difference_cost();
