-- What the pieces of one line of a return cost. The ledger says what all that came back of a line of the sale cost; each
-- return has its share in the order of coming back, so that the shares of all of them are the whole. No row unless it is
-- known of all of them and in the currency of the sale.
CREATE OR REPLACE FUNCTION returned_cost(
  p_tenant uuid,
  p_sale uuid,
  p_line uuid,
  p_return uuid,
  p_position integer,
  p_at timestamptz,
  p_quantity integer,
  p_currency text
) RETURNS TABLE (cost_minor bigint) LANGUAGE sql STABLE AS $$
  SELECT (round(m.minor * (b.before + p_quantity) / m.quantity) - round(m.minor * b.before / m.quantity))::bigint
    FROM (SELECT sum(x.cost_minor) AS minor, sum(x.cost_quantity) AS known, sum(x.quantity) AS quantity,
                 bool_and(x.cost_currency IS NOT DISTINCT FROM p_currency) AS is_of_currency
            FROM stock_movement x
           WHERE x.tenant_id = p_tenant AND x.sale_id = p_sale AND x.line_id = p_line AND x.reason = 'RETURN') m
    CROSS JOIN (SELECT coalesce(sum(l.quantity), 0) AS before
                  FROM sale_return_line l
                  JOIN sale_return r ON r.tenant_id = l.tenant_id AND r.id = l.return_id
                 WHERE l.tenant_id = p_tenant AND l.line_id = p_line
                   AND (r.returned_at, r.id, l.position) < (p_at, p_return, p_position)) b
   WHERE m.known = m.quantity AND m.is_of_currency AND b.before + p_quantity <= m.quantity
$$;
