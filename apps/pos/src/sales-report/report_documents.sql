-- Committed sales and returns from one day to another, each by the clock of its location: of a sale where it was sold, of a
-- return where it was taken back, together with the till and whoever did it. The instants are a day wider than the days, so
-- that an index finds them; the days decide. In SQL, to be inlined: a report that asks for one till reads no other's lines.
CREATE OR REPLACE FUNCTION report_documents(p_tenant uuid, p_from date, p_to date) RETURNS TABLE (
  return_id uuid,
  sale_id uuid,
  at timestamptz,
  local_at timestamp,
  number text,
  channel text,
  register_id uuid,
  location_id uuid,
  location_code text,
  cashier text,
  sold_by text,
  sold_on date,
  currency_code text,
  total_minor bigint,
  change_minor bigint
) LANGUAGE sql STABLE AS $$
  SELECT d.return_id, d.sale_id, d.at, d.at AT TIME ZONE coalesce(own.name, other.name, 'UTC'), d.number, d.channel,
         d.register_id, d.location_id, d.location_code, d.cashier, d.sold_by,
         (d.sold_at AT TIME ZONE coalesce(own.name, other.name, 'UTC'))::date, d.currency_code, d.total_minor, d.change_minor
    FROM (
      SELECT NULL::uuid AS return_id, s.id AS sale_id, s.committed_at AS at, s.receipt_number AS number, s.channel,
             s.register_id, s.location_id, s.location_code, s.opened_by AS cashier,
             coalesce(s.salesperson, s.opened_by) AS sold_by,
             s.committed_at AS sold_at, s.currency_code, s.total_minor,
             s.change_minor
        FROM sale s
       WHERE s.tenant_id = p_tenant AND s.status = 'COMMITTED'
         AND s.committed_at >= (p_from - 1)::timestamp AT TIME ZONE 'UTC'
         AND s.committed_at < (p_to + 2)::timestamp AT TIME ZONE 'UTC'
      UNION ALL
      SELECT r.id, s.id, r.returned_at, r.number, s.channel, r.register_id, r.location_id, g.location_code, r.returned_by,
             coalesce(s.salesperson, s.opened_by), s.committed_at, r.currency_code, r.total_minor, 0
        FROM sale_return r
        JOIN sale s ON s.tenant_id = r.tenant_id AND s.id = r.sale_id
        JOIN register g ON g.tenant_id = r.tenant_id AND g.id = r.register_id
       WHERE r.tenant_id = p_tenant
         AND r.returned_at >= (p_from - 1)::timestamp AT TIME ZONE 'UTC'
         AND r.returned_at < (p_to + 2)::timestamp AT TIME ZONE 'UTC'
    ) d
    LEFT JOIN report_zones(p_tenant) own ON own.location_id = d.location_id
    LEFT JOIN report_zones(p_tenant) other ON other.location_id IS NULL
   WHERE (d.at AT TIME ZONE coalesce(own.name, other.name, 'UTC'))::date BETWEEN p_from AND p_to
$$;
