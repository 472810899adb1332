-- What the pieces of one line cost that went, by the movements of the sale and of its corrections, which take one piece back
-- and give another. No row unless it is known of all of them and in the currency of the sale. In SQL, to be inlined: a
-- function that is called for each line of a month would cost more than what it reads.
CREATE OR REPLACE FUNCTION sold_cost(p_tenant uuid, p_sale uuid, p_line uuid, p_quantity integer, p_currency text)
RETURNS TABLE (cost_minor bigint) LANGUAGE sql STABLE AS $$
  SELECT sum(-sign(m.quantity)::integer * m.cost_minor)::bigint
    FROM stock_movement m
   WHERE m.tenant_id = p_tenant AND m.sale_id = p_sale AND m.line_id = p_line AND m.reason IN ('SALE', 'SALE_CORRECTION')
  HAVING sum(-sign(m.quantity)::integer * m.cost_quantity) = p_quantity
     AND bool_and(m.cost_currency IS NOT DISTINCT FROM p_currency)
$$;
