-- Reckons the discounts of a sale anew, from the prices and quantities of its lines as they are, and gives the sale back with
-- what it then comes to. Whoever changes a line calls it under the lock of the sale; the order of the calls does not matter,
-- because nothing of the reckoning before is used. Order: those of lines, those of the whole sale, promotions, each in the
-- order they were given; a percentage is of what is left after those before it (docs/discounts.md).
CREATE OR REPLACE FUNCTION sale_discounts_apply(p_tenant uuid, p_sale uuid)
RETURNS sale LANGUAGE plpgsql AS $$
DECLARE
  v_row sale; d sale_discount; v_before bigint; v_after bigint; v_base bigint; v_wanted bigint; v_amount bigint;
  v_room bigint; v_cut text; v_any boolean := false;
BEGIN
  SELECT coalesce(sum(l.total_minor), 0) INTO v_before FROM sale_line l WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale;
  DELETE FROM sale_discount_share x WHERE x.tenant_id = p_tenant AND x.sale_id = p_sale;
  UPDATE sale_line l SET discount_minor = 0
   WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.discount_minor > 0;
  FOR d IN SELECT x.* FROM sale_discount x WHERE x.tenant_id = p_tenant AND x.sale_id = p_sale
            ORDER BY array_position('{LINE,SALE,PROMOTION}', x.kind), x.position LOOP
    v_any := true;
    v_cut := NULL;
    SELECT coalesce(sum(l.total_minor), 0) INTO v_base FROM sale_discount_lines(d) l;
    -- numeric: a percentage of the largest amounts is beyond bigint. Half a minor unit goes up.
    v_wanted := coalesce(d.asked_minor, round(v_base::numeric * d.basis_points / 10000)::bigint);
    v_amount := least(v_wanted, v_base);
    IF v_amount < v_wanted THEN v_cut := 'PRICE'; END IF;
    IF d.limit_basis_points IS NOT NULL THEN
      v_room := sale_discount_room(d);
      IF v_amount > v_room THEN v_amount := v_room; v_cut := 'LIMIT'; END IF;
    END IF;
    IF v_base < d.minimum_minor THEN v_amount := 0; v_cut := 'MINIMUM'; END IF;
    UPDATE sale_discount x SET amount_minor = v_amount, cut_by = v_cut
     WHERE x.tenant_id = p_tenant AND x.sale_id = p_sale AND x.id = d.id
       AND (x.amount_minor, x.cut_by) IS DISTINCT FROM (v_amount, v_cut);
    CONTINUE WHEN v_amount = 0;
    -- Each line its share by value, whole minor units down; those that are left over go one by one to the lines that lost the
    -- largest part of one, the earlier line first (largest remainder). No line gets more than it comes to.
    INSERT INTO sale_discount_share (tenant_id, sale_id, discount_id, line_id, amount_minor)
    SELECT p_tenant, p_sale, d.id, s.line, s.minor
      FROM (SELECT e.id AS line,
                   e.floor_minor + CASE WHEN row_number() OVER (ORDER BY e.rest DESC, e.position)
                     <= v_amount - sum(e.floor_minor) OVER () THEN 1 ELSE 0 END AS minor
              FROM (SELECT l.id, l.position, div(v_amount::numeric * l.total_minor, v_base)::bigint AS floor_minor,
                           mod(v_amount::numeric * l.total_minor, v_base) AS rest
                      FROM sale_discount_lines(d) l) e) s
     WHERE s.minor > 0;
    UPDATE sale_line l SET discount_minor = l.discount_minor + x.amount_minor
      FROM sale_discount_share x
     WHERE x.tenant_id = p_tenant AND x.sale_id = p_sale AND x.discount_id = d.id
       AND l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.id = x.line_id;
  END LOOP;
  SELECT coalesce(sum(l.total_minor), 0) INTO v_after FROM sale_line l WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale;
  -- By what the lines lost or won: whatever else a sale may owe stays as it is.
  UPDATE sale AS s SET total_minor = s.total_minor - v_before + v_after, has_discounts = v_any
   WHERE s.tenant_id = p_tenant AND s.id = p_sale
  RETURNING s.* INTO v_row;
  RETURN v_row;
END $$;
