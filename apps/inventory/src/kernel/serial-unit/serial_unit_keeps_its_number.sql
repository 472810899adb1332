-- A stock number is used once, for ever: units are never deleted and numbers never change,
-- so that the unique constraint above covers the past too.
CREATE OR REPLACE FUNCTION serial_unit_keeps_its_number() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION 'a unit is never deleted and keeps its item and stock number'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'serial_unit_identity';
END $fn$;

CREATE OR REPLACE TRIGGER serial_unit_no_delete
BEFORE DELETE OR TRUNCATE ON serial_unit FOR EACH STATEMENT
EXECUTE FUNCTION serial_unit_keeps_its_number();

CREATE OR REPLACE TRIGGER serial_unit_identity
BEFORE UPDATE OF stock_number,
stock_item_id ON serial_unit FOR EACH ROW WHEN (
  OLD.stock_item_id <> NEW.stock_item_id
  OR (
    OLD.stock_number IS NOT NULL
    AND OLD.stock_number IS DISTINCT FROM NEW.stock_number
  )
)
EXECUTE FUNCTION serial_unit_keeps_its_number();
