CREATE OR REPLACE FUNCTION costing_method(p_tenant uuid) RETURNS text LANGUAGE sql STABLE AS $fn$
  SELECT coalesce((SELECT s.costing_method FROM inventory_setting s WHERE s.tenant_id = p_tenant), 'WEIGHTED_AVERAGE')
$fn$;
