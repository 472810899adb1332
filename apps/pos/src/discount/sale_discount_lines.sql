-- The lines that a discount is of: its own, or all of the sale but those that are left out. Nothing is taken off a gift card:
-- it is money.
CREATE OR REPLACE FUNCTION sale_discount_lines(d sale_discount)
RETURNS SETOF sale_line LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY SELECT l.* FROM sale_line l
   WHERE l.tenant_id = d.tenant_id AND l.sale_id = d.sale_id AND l.gift_card_id IS NULL
     AND CASE WHEN d.line_id IS NULL THEN l.id <> ALL (d.excluded_line_ids) ELSE l.id = d.line_id END;
END $$;
