-- The discounts of an expired checkout, for the sale that takes its place with the late payment: it was paid at these prices, so
-- they stand, whatever has become of a promotion meanwhile. A use is taken if there is one left.
CREATE OR REPLACE FUNCTION sale_discounts_copy(p_tenant uuid, p_from uuid, p_to uuid)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_row sale;
BEGIN
  INSERT INTO sale_discount (tenant_id, sale_id, id, position, kind, line_id, excluded_line_ids, basis_points, asked_minor,
                             limit_basis_points, minimum_minor, reason, promotion_id, code, given_by, given_at, amount_minor, cut_by)
  SELECT d.tenant_id, p_to, d.id, d.position, d.kind, d.line_id, d.excluded_line_ids, d.basis_points, d.asked_minor,
         d.limit_basis_points, d.minimum_minor, d.reason, d.promotion_id, d.code, d.given_by, d.given_at, d.amount_minor, d.cut_by
    FROM sale_discount d WHERE d.tenant_id = p_tenant AND d.sale_id = p_from;
  INSERT INTO sale_discount_share (tenant_id, sale_id, discount_id, line_id, amount_minor)
  SELECT x.tenant_id, p_to, x.discount_id, x.line_id, x.amount_minor
    FROM sale_discount_share x WHERE x.tenant_id = p_tenant AND x.sale_id = p_from;
  UPDATE sale AS s SET has_discounts = true WHERE s.tenant_id = p_tenant AND s.id = p_to RETURNING s.* INTO v_row;
  PERFORM promotions_reserve(v_row);
END $$;
