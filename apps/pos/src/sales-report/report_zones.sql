-- The time zone of each location, and in the row without a location that of all others: the newest that its receipts were
-- given, so that a zone that was mistaken is mended for the past as well. What stands as an offset is written east of
-- Greenwich; PostgreSQL reads such a text the other way round.
CREATE OR REPLACE FUNCTION report_zones(p_tenant uuid)
RETURNS TABLE (location_id uuid, name text) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (r.location_id) r.location_id,
         CASE WHEN r.time_zone ~ '^[+-]' THEN translate(r.time_zone, '+-', '-+') ELSE r.time_zone END
    FROM receipt_setting r WHERE r.tenant_id = p_tenant
   ORDER BY r.location_id, r.set_at DESC
$$;
