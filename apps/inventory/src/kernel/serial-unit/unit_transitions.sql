-- Which states a unit may go to from which: one table, and PostgreSQL holds everybody to it.
CREATE OR REPLACE FUNCTION unit_transitions()
RETURNS TABLE (from_status text, to_status text) LANGUAGE sql IMMUTABLE AS $fn$
  VALUES
    ('AVAILABLE', 'HELD'), ('AVAILABLE', 'IN_REPAIR'), ('AVAILABLE', 'IN_TRANSIT'), ('AVAILABLE', 'LOST'), ('AVAILABLE', 'SCRAPPED'),
    ('HELD', 'AVAILABLE'), ('HELD', 'SOLD'), ('HELD', 'IN_TRANSIT'), ('HELD', 'LOST'),
    ('SOLD', 'RETURNED'),
    ('RETURNED', 'AVAILABLE'), ('RETURNED', 'IN_REPAIR'), ('RETURNED', 'LOST'), ('RETURNED', 'SCRAPPED'),
    ('IN_REPAIR', 'AVAILABLE'), ('IN_REPAIR', 'LOST'), ('IN_REPAIR', 'SCRAPPED'),
    ('IN_TRANSIT', 'AVAILABLE'), ('IN_TRANSIT', 'LOST'),
    ('LOST', 'AVAILABLE')
$fn$;
