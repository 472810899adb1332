CREATE OR REPLACE FUNCTION serial_unit_keeps_to_transitions()
RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF EXISTS (SELECT FROM unit_transitions() t WHERE t.from_status = OLD.status AND t.to_status = NEW.status) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a unit that is % cannot become %', OLD.status, NEW.status
    USING ERRCODE = 'check_violation', CONSTRAINT = 'serial_unit_transition', TABLE = 'serial_unit';
END $fn$;

CREATE OR REPLACE TRIGGER serial_unit_transition
BEFORE UPDATE OF status ON serial_unit FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
EXECUTE FUNCTION serial_unit_keeps_to_transitions();
