-- Where pos, inventory's ledger (as its events told pos) and what was published do not say the same of the sales and returns
-- of these days, or of movements that name a sale. Line by line, because a correction of a wrong size moves another item
-- than was sold; of a line that came back all returns together, because the ledger does not name the return.
CREATE OR REPLACE FUNCTION sale_differences(p_tenant uuid, p_from date, p_to date, p_kept interval)
RETURNS TABLE (
  kind text,
  at timestamptz,
  sale_id uuid,
  line_id uuid,
  return_id uuid,
  sku text,
  expected integer,
  actual integer
) LANGUAGE sql STABLE AS $$
  WITH document AS MATERIALIZED (
    SELECT d.return_id, d.sale_id, d.at FROM report_documents(p_tenant, p_from, p_to) d
  ), line AS (
    SELECT d.sale_id, l.id AS line_id, l.sku, d.at, l.quantity
      FROM document d JOIN sale_line l ON l.tenant_id = p_tenant AND l.sale_id = d.sale_id
     WHERE d.return_id IS NULL AND l.tracking <> 'NONE'
  ), back AS (
    SELECT d.sale_id, l.id AS line_id, l.sku, max(d.at) AS at, (array_agg(d.return_id ORDER BY d.at DESC))[1] AS return_id,
           l.returned_quantity AS quantity
      FROM document d
      JOIN sale_return_line b ON b.tenant_id = p_tenant AND b.return_id = d.return_id
      JOIN sale_line l ON l.tenant_id = p_tenant AND l.sale_id = b.sale_id AND l.id = b.line_id
     WHERE l.tracking <> 'NONE' GROUP BY d.sale_id, l.id, l.sku, l.returned_quantity
  ), moved AS (
    -- Of the same days, by the clock of the place where the goods are.
    SELECT m.sale_id, m.line_id, m.sku, m.reason, m.occurred_at AS at, m.quantity
      FROM stock_movement m
      LEFT JOIN report_zones(p_tenant) own ON own.location_id = m.location_id
      LEFT JOIN report_zones(p_tenant) other ON other.location_id IS NULL
     WHERE m.tenant_id = p_tenant AND m.sale_id IS NOT NULL AND m.reason IN ('SALE', 'RETURN')
       AND m.occurred_at >= (p_from - 1)::timestamp AT TIME ZONE 'UTC'
       AND m.occurred_at < (p_to + 2)::timestamp AT TIME ZONE 'UTC'
       AND (m.occurred_at AT TIME ZONE coalesce(own.name, other.name, 'UTC'))::date BETWEEN p_from AND p_to
  ), event AS (
    SELECT o.aggregate_id::uuid AS sale_id,
           CASE WHEN o.type = 'pos.sale-returned' THEN (o.data ->> 'returnId')::uuid END AS return_id,
           o.published_at IS NOT NULL AS is_published
      FROM outbox o
     WHERE o.tenant_id = p_tenant AND o.type IN ('pos.sale-committed', 'pos.sale-returned')
       AND o.occurred_at >= (p_from - 1)::timestamp AT TIME ZONE 'UTC'
       AND o.occurred_at < (p_to + 2)::timestamp AT TIME ZONE 'UTC'
  )
  SELECT CASE WHEN g.quantity IS NULL THEN 'SALE_WITHOUT_MOVEMENT' ELSE 'SALE_QUANTITY_DIFFERS' END, s.at, s.sale_id,
         s.line_id, NULL::uuid, s.sku, s.quantity, coalesce(g.quantity, 0)::integer
    FROM line s
    LEFT JOIN LATERAL (SELECT -sum(m.quantity) AS quantity FROM stock_movement m
                        WHERE m.tenant_id = p_tenant AND m.sale_id = s.sale_id AND m.line_id = s.line_id
                          AND m.reason = 'SALE') g ON true
   WHERE coalesce(g.quantity, 0) <> s.quantity
  UNION ALL
  SELECT CASE WHEN g.quantity IS NULL THEN 'RETURN_WITHOUT_MOVEMENT' ELSE 'RETURN_QUANTITY_DIFFERS' END, b.at, b.sale_id,
         b.line_id, b.return_id, b.sku, b.quantity, coalesce(g.quantity, 0)::integer
    FROM back b
    LEFT JOIN LATERAL (SELECT sum(m.quantity) AS quantity FROM stock_movement m
                        WHERE m.tenant_id = p_tenant AND m.sale_id = b.sale_id AND m.line_id = b.line_id
                          AND m.reason = 'RETURN') g ON true
   WHERE coalesce(g.quantity, 0) <> b.quantity
  UNION ALL
  SELECT 'MOVEMENT_WITHOUT_SALE', max(m.at), m.sale_id, m.line_id, NULL, m.sku, 0, -sum(m.quantity)::integer
    FROM moved m
   WHERE m.reason = 'SALE' AND NOT EXISTS (
     SELECT FROM sale s JOIN sale_line l ON l.tenant_id = s.tenant_id AND l.sale_id = s.id
      WHERE s.tenant_id = p_tenant AND s.id = m.sale_id AND s.status = 'COMMITTED' AND l.id = m.line_id)
   GROUP BY m.sale_id, m.line_id, m.sku
  UNION ALL
  SELECT 'MOVEMENT_WITHOUT_RETURN', max(m.at), m.sale_id, m.line_id, NULL, m.sku, 0, sum(m.quantity)::integer
    FROM moved m
   WHERE m.reason = 'RETURN' AND NOT EXISTS (
     SELECT FROM sale_return_line b
      WHERE b.tenant_id = p_tenant AND b.sale_id = m.sale_id AND b.line_id = m.line_id)
   GROUP BY m.sale_id, m.line_id, m.sku
  UNION ALL
  -- The outbox forgets what was published long ago; what is not there any more is not missing.
  SELECT CASE WHEN d.return_id IS NULL THEN 'SALE_UNPUBLISHED' ELSE 'RETURN_UNPUBLISHED' END, d.at, d.sale_id, NULL,
         d.return_id, NULL, 1, 0
    FROM document d
    LEFT JOIN event e ON e.sale_id = d.sale_id AND e.return_id IS NOT DISTINCT FROM d.return_id
   WHERE CASE WHEN e.sale_id IS NULL THEN d.at > clock_timestamp() - p_kept ELSE NOT e.is_published END
$$;
