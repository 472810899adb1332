-- What is owed to the owners of the pieces of one line, or of what came back of it: that is what they cost the shop. No row
-- unless all of these pieces are somebody else's, in the currency of the sale.
CREATE OR REPLACE FUNCTION consigned_cost(p_tenant uuid, p_sale uuid, p_line uuid, p_return uuid, p_quantity integer, p_currency text)
RETURNS TABLE (cost_minor bigint) LANGUAGE sql STABLE AS $$
  SELECT abs(sum(c.amount_minor))::bigint FROM consignment_entry c
   WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale AND c.line_id = p_line AND c.kind <> 'PAID'
     AND c.return_id IS NOT DISTINCT FROM p_return
  HAVING sum(c.quantity) = p_quantity AND bool_and(c.currency_code = p_currency)
$$;
