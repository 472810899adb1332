-- The discounts of a sale in the order they were given (type SaleDiscount in discount.ts).
CREATE OR REPLACE FUNCTION sale_discounts_view(s sale) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT coalesce(json_agg(json_build_object(
      'id', d.id, 'kind', d.kind, 'lineId', d.line_id, 'excludedLineIds', d.excluded_line_ids,
      'basisPoints', d.basis_points, 'askedMinor', d.asked_minor, 'amountMinor', d.amount_minor, 'cutBy', d.cut_by,
      'reason', d.reason, 'code', d.code, 'promotionId', d.promotion_id, 'givenBy', d.given_by, 'givenAt', d.given_at,
      'shares', coalesce((
        SELECT json_agg(json_build_object('lineId', x.line_id, 'amountMinor', x.amount_minor))
          FROM sale_discount_share x
         WHERE x.tenant_id = d.tenant_id AND x.sale_id = d.sale_id AND x.discount_id = d.id), '[]')
    ) ORDER BY d.position), '[]')
      FROM sale_discount d WHERE d.tenant_id = s.tenant_id AND d.sale_id = s.id);
END $$;
