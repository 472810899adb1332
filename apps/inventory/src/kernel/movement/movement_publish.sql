CREATE OR REPLACE FUNCTION movement_publish(p_tenant uuid, p_ids uuid[], p_traceparent text)
RETURNS void LANGUAGE sql AS $fn$
  SELECT movements_publish(p_tenant, p_ids, array_fill(p_traceparent, ARRAY[coalesce(cardinality(p_ids), 0)]))
$fn$;
