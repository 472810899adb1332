-- The lines of a basket that would be sold below the minimum price that was agreed with the owner of their piece, where the
-- agreement refuses that: [{lineId, sku, priceMinor, minimumMinor}], of the whole line; null when there is none. A piece that
-- the claim will choose is not known yet and not looked at.
CREATE OR REPLACE FUNCTION consignment_below_minimum(p_tenant uuid, p_sale uuid)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM consignment_piece p WHERE p.tenant_id = p_tenant AND p.left_quantity > 0) THEN RETURN NULL; END IF;
  RETURN (
    SELECT jsonb_agg(jsonb_build_object('lineId', l.id, 'sku', l.sku, 'priceMinor', l.total_minor,
                     'minimumMinor', m.minor * l.quantity) ORDER BY l.position)
      FROM sale s
      JOIN sale_line l ON l.tenant_id = s.tenant_id AND l.sale_id = s.id
      CROSS JOIN LATERAL (
        SELECT max(coalesce(p.minimum_minor, a.minimum_minor)) AS minor
          FROM consignment_piece p
          JOIN consignment_agreement a ON a.tenant_id = p.tenant_id AND a.id = p.agreement_id
         WHERE p.tenant_id = p_tenant AND p.stock_item_id = l.stock_item_id AND p.left_quantity > 0
           AND (p.serial_unit_id IS NULL OR p.serial_unit_id = l.serial_unit_id)
           AND a.below_minimum = 'REFUSE' AND a.currency_code = s.currency_code) AS m
     WHERE s.tenant_id = p_tenant AND s.id = p_sale AND l.total_minor < m.minor * l.quantity);
END $$;
