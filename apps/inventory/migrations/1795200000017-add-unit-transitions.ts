import { migration } from '@onecount/db';

/** Which states a unit may go to from which: one table, and PostgreSQL holds everybody to it. */
export const AddUnitTransitions1795200000017 = migration(
  'AddUnitTransitions1795200000017',
  `
CREATE FUNCTION unit_transitions() RETURNS TABLE (from_status text, to_status text) LANGUAGE sql IMMUTABLE AS $fn$
  VALUES
    ('AVAILABLE', 'HELD'), ('AVAILABLE', 'IN_REPAIR'), ('AVAILABLE', 'IN_TRANSIT'), ('AVAILABLE', 'LOST'), ('AVAILABLE', 'SCRAPPED'),
    ('HELD', 'AVAILABLE'), ('HELD', 'SOLD'), ('HELD', 'IN_TRANSIT'), ('HELD', 'LOST'),
    ('SOLD', 'RETURNED'),
    ('RETURNED', 'AVAILABLE'), ('RETURNED', 'IN_REPAIR'), ('RETURNED', 'LOST'), ('RETURNED', 'SCRAPPED'),
    ('IN_REPAIR', 'AVAILABLE'), ('IN_REPAIR', 'LOST'), ('IN_REPAIR', 'SCRAPPED'),
    ('IN_TRANSIT', 'AVAILABLE'), ('IN_TRANSIT', 'LOST'),
    ('LOST', 'AVAILABLE')
$fn$;

CREATE FUNCTION serial_unit_keeps_to_transitions() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF EXISTS (SELECT FROM unit_transitions() t WHERE t.from_status = OLD.status AND t.to_status = NEW.status) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a unit that is % cannot become %', OLD.status, NEW.status
    USING ERRCODE = 'check_violation', CONSTRAINT = 'serial_unit_transition', TABLE = 'serial_unit';
END $fn$;
CREATE TRIGGER serial_unit_transition BEFORE UPDATE OF status ON serial_unit FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION serial_unit_keeps_to_transitions();
`,
);
