-- How much a discount that was given within a limit may still take off its lines: the limit's percentage of their price, less
-- what those before it, given by hand, have taken. Rounded by line or in all, whichever is more: no percentage that the limit
-- allows is cut by the rounding alone.
CREATE OR REPLACE FUNCTION sale_discount_room(d sale_discount)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE v_allowed bigint; v_taken bigint;
BEGIN
  SELECT greatest(coalesce(sum(round((l.total_minor + l.discount_minor)::numeric * d.limit_basis_points / 10000)), 0),
                  round(coalesce(sum((l.total_minor + l.discount_minor)::numeric), 0) * d.limit_basis_points / 10000))::bigint
    INTO v_allowed FROM sale_discount_lines(d) l;
  SELECT coalesce(sum(x.amount_minor), 0) INTO v_taken
    FROM sale_discount_share x
    JOIN sale_discount o ON o.tenant_id = x.tenant_id AND o.sale_id = x.sale_id AND o.id = x.discount_id AND o.kind <> 'PROMOTION'
   WHERE x.tenant_id = d.tenant_id AND x.sale_id = d.sale_id
     AND x.line_id IN (SELECT l.id FROM sale_discount_lines(d) l);
  RETURN greatest(v_allowed - v_taken, 0);
END $$;
