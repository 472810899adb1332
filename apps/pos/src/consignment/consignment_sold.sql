-- What a sale that is being committed owes to the owners of its pieces, in the transaction of the commit: there is no time in
-- which a piece is sold and nothing is owed. Who has no consignments pays one probe of an index.
-- Of goods by quantity those in consignment are sold first, the earliest agreement's first. A share is of what was paid, or of the
-- price before discounts where the shop bears them, and of no less than the minimum price; a fixed amount is in the currency
-- of its agreement.
CREATE OR REPLACE FUNCTION consignment_sold(p_tenant uuid, p_sale uuid)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_pieces uuid[]; v_line record; v_piece record;
  v_named integer; v_take integer; v_paid bigint; v_base bigint; v_owed bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM consignment_piece p WHERE p.tenant_id = p_tenant AND p.left_quantity > 0) THEN RETURN; END IF;
  SELECT array_agg(DISTINCT p.id) INTO v_pieces
    FROM sale_line l JOIN consignment_piece p ON p.tenant_id = l.tenant_id AND p.stock_item_id = l.stock_item_id
   WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND p.left_quantity > 0;
  IF v_pieces IS NULL THEN RETURN; END IF;
  PERFORM consignment_lock(p_tenant, v_pieces, (SELECT s.currency_code FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale));
  FOR v_line IN
    SELECT l.id, l.stock_item_id, l.serial_unit_id, l.quantity, l.total_minor, l.quantity * l.unit_price_minor AS full_minor,
           s.currency_code, s.opened_by
      FROM sale_line l JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id
     WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale ORDER BY l.position
  LOOP
    v_named := 0;
    FOR v_piece IN
      SELECT p.id, p.agreement_id, p.left_quantity, a.discounts, a.share_basis_points AS share,
             coalesce(p.owed_minor, a.owed_minor) AS fixed, a.currency_code,
             CASE WHEN a.currency_code = v_line.currency_code THEN coalesce(p.minimum_minor, a.minimum_minor) END AS minimum
        FROM consignment_piece p
        JOIN consignment_agreement a ON a.tenant_id = p.tenant_id AND a.id = p.agreement_id
       WHERE p.tenant_id = p_tenant AND p.id = ANY (v_pieces) AND p.stock_item_id = v_line.stock_item_id AND p.left_quantity > 0
         AND (p.serial_unit_id IS NULL OR p.serial_unit_id = v_line.serial_unit_id OR EXISTS (
           SELECT FROM sale_line_unit u
            WHERE u.tenant_id = p_tenant AND u.sale_id = p_sale AND u.line_id = v_line.id
              AND u.serial_unit_id = p.serial_unit_id))
       ORDER BY p.added_at, p.id
    LOOP
      v_take := least(v_piece.left_quantity, v_line.quantity - v_named);
      EXIT WHEN v_take = 0;
      -- The pieces of a line share its total to the minor unit.
      v_paid := consignment_part(v_line.total_minor, v_line.quantity, v_named + v_take)
              - consignment_part(v_line.total_minor, v_line.quantity, v_named);
      v_base := CASE v_piece.discounts WHEN 'SHARED' THEN v_paid ELSE
                consignment_part(v_line.full_minor, v_line.quantity, v_named + v_take)
              - consignment_part(v_line.full_minor, v_line.quantity, v_named) END;
      v_owed := coalesce(v_piece.fixed * v_take,
                         round(greatest(v_base, v_piece.minimum * v_take) * v_piece.share / 10000.0)::bigint);
      UPDATE consignment_piece p SET sold_quantity = p.sold_quantity + v_take WHERE p.tenant_id = p_tenant AND p.id = v_piece.id;
      PERFORM consignment_post(p_tenant, v_piece.agreement_id,
        CASE WHEN v_piece.fixed IS NULL THEN v_line.currency_code ELSE v_piece.currency_code END,
        jsonb_build_object('kind', 'SOLD', 'amountMinor', v_owed, 'pieceId', v_piece.id, 'saleId', p_sale, 'lineId', v_line.id,
          'quantity', v_take, 'paidMinor', v_paid, 'isBelowMinimum', coalesce(v_paid < v_piece.minimum * v_take, false),
          'recordedBy', v_line.opened_by));
      v_named := v_named + v_take;
    END LOOP;
  END LOOP;
END $$;
