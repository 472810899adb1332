-- The lines of these documents: what was sold with what was taken off its price, and what came back of it. What a line is
-- reported under is the sale's own, also of what comes back.
CREATE OR REPLACE FUNCTION report_entries(p_tenant uuid, p_from date, p_to date) RETURNS TABLE (
  return_id uuid,
  sale_id uuid,
  line_id uuid,
  "position" integer,
  at timestamptz,
  local_at timestamp,
  number text,
  channel text,
  register_id uuid,
  location_id uuid,
  location_code text,
  cashier text,
  salesperson text,
  sold_on date,
  sku text,
  title text,
  serial text,
  category text,
  vendor text,
  tracking text,
  currency_code text,
  quantity integer,
  discount_minor bigint,
  total_minor bigint
) LANGUAGE sql STABLE AS $$
  SELECT d.return_id, d.sale_id, l.id, coalesce(b.position, l.position), d.at, d.local_at, d.number, d.channel, d.register_id,
         d.location_id, d.location_code, d.cashier, coalesce(l.salesperson, d.sold_by), d.sold_on, l.sku, l.title, l.serial, l.category, l.vendor, l.tracking,
         d.currency_code, coalesce(b.quantity, l.quantity), CASE WHEN d.return_id IS NULL THEN l.discount_minor ELSE 0 END,
         coalesce(b.total_minor, l.total_minor)
    FROM report_documents(p_tenant, p_from, p_to) d
    LEFT JOIN sale_return_line b ON b.tenant_id = p_tenant AND b.return_id = d.return_id
    JOIN sale_line l ON l.tenant_id = p_tenant AND l.sale_id = d.sale_id AND l.id = coalesce(b.line_id, l.id)
$$;
