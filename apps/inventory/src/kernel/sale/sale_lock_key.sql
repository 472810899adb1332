-- Taken before any level: a sale's lines are placed, claimed and released in one order, so that no hold
-- slips in behind a release. Shared by those who add, exclusive for those who end.
CREATE OR REPLACE FUNCTION sale_lock_key(p_tenant uuid, p_sale text)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $fn$
  SELECT hashtextextended(p_tenant::text || '/' || lower(p_sale), 0)
$fn$;
