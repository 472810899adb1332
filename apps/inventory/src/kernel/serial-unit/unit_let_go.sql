-- The functions below look rows up by whole keys, one level or one array of ids at a time, and never join a
-- list of keys: on a young table the planner takes a join on the tenant alone for as cheap, keeps that
-- plan, and a hold then costs the more the more holds the tenant has (ADR 0050 has the figures).
-- Units that a hold let go, free again and marked for publishing. The caller has locked their levels.
CREATE OR REPLACE FUNCTION unit_let_go(p_tenant uuid, p_units uuid[])
RETURNS void LANGUAGE sql AS $fn$
  WITH freed AS (
    UPDATE serial_unit u SET status = 'AVAILABLE', version = u.version + 1
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) AND u.status = 'HELD'
    RETURNING u.id
  )
  INSERT INTO unit_dirty SELECT p_tenant, id FROM freed ON CONFLICT DO NOTHING
$fn$;
