-- Takes back what the sale owed for goods that a return brings back, in the return's transaction. A unit comes back as itself;
-- of goods by quantity those in consignment come back last, as they were sold first. All of a line back leaves nothing owed.
CREATE OR REPLACE FUNCTION consignment_returned(p_tenant uuid, p_return uuid, p_by text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_pieces uuid[]; v_line record; v_sold record; v_surplus integer; v_take integer; v_left bigint;
BEGIN
  SELECT array_agg(DISTINCT e.piece_id) INTO v_pieces
    FROM sale_return_line r
    JOIN consignment_entry e ON e.tenant_id = r.tenant_id AND e.sale_id = r.sale_id AND e.line_id = r.line_id AND e.kind = 'SOLD'
   WHERE r.tenant_id = p_tenant AND r.return_id = p_return;
  IF v_pieces IS NULL THEN RETURN; END IF;
  PERFORM consignment_lock(p_tenant, v_pieces, (SELECT r.currency_code FROM sale_return r WHERE r.tenant_id = p_tenant AND r.id = p_return));
  FOR v_line IN
    SELECT l.sale_id, l.id, (SELECT sum(e.quantity) FROM consignment_entry e
              WHERE e.tenant_id = p_tenant AND e.sale_id = l.sale_id AND e.line_id = l.id AND e.kind = 'SOLD')
           - coalesce((SELECT sum(e.quantity) FROM consignment_entry e
              WHERE e.tenant_id = p_tenant AND e.sale_id = l.sale_id AND e.line_id = l.id AND e.kind = 'TAKEN_BACK'), 0)
           - (l.quantity - (SELECT sum(r.quantity) FROM sale_return_line r
              WHERE r.tenant_id = p_tenant AND r.sale_id = l.sale_id AND r.line_id = l.id)) AS surplus
      FROM sale_line l
     WHERE l.tenant_id = p_tenant AND EXISTS (SELECT FROM sale_return_line r
       WHERE r.tenant_id = p_tenant AND r.return_id = p_return AND r.sale_id = l.sale_id AND r.line_id = l.id)
     ORDER BY l.position
  LOOP
    v_surplus := v_line.surplus;
    FOR v_sold IN
      SELECT e.agreement_id, e.currency_code, e.piece_id, e.quantity, e.amount_minor, e.paid_minor, p.serial_unit_id,
             e.quantity - b.quantity AS out, e.amount_minor - b.minor AS owed, e.paid_minor - b.paid AS paid
        FROM consignment_entry e
        JOIN consignment_piece p ON p.tenant_id = e.tenant_id AND p.id = e.piece_id
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(t.quantity), 0)::integer AS quantity, coalesce(-sum(t.amount_minor), 0)::bigint AS minor,
                 coalesce(sum(t.paid_minor), 0)::bigint AS paid
            FROM consignment_entry t
           WHERE t.tenant_id = p_tenant AND t.sale_id = e.sale_id AND t.line_id = e.line_id AND t.piece_id = e.piece_id
             AND t.kind = 'TAKEN_BACK') AS b
       WHERE e.tenant_id = p_tenant AND e.sale_id = v_line.sale_id AND e.line_id = v_line.id AND e.kind = 'SOLD'
       ORDER BY e.number DESC, e.id DESC
    LOOP
      v_take := CASE WHEN v_sold.serial_unit_id IS NULL THEN least(v_sold.out, v_surplus)
                     WHEN EXISTS (SELECT FROM sale_return_unit u
                       WHERE u.tenant_id = p_tenant AND u.return_id = p_return AND u.line_id = v_line.id
                         AND u.serial_unit_id = v_sold.serial_unit_id) THEN v_sold.out
                     ELSE 0 END;
      CONTINUE WHEN v_take <= 0;
      v_left := consignment_part(v_sold.amount_minor, v_sold.quantity, v_sold.out - v_take);
      UPDATE consignment_piece p SET sold_quantity = p.sold_quantity - v_take
       WHERE p.tenant_id = p_tenant AND p.id = v_sold.piece_id;
      PERFORM consignment_post(p_tenant, v_sold.agreement_id, v_sold.currency_code,
        jsonb_build_object('kind', 'TAKEN_BACK', 'amountMinor', v_left - v_sold.owed, 'pieceId', v_sold.piece_id,
          'saleId', v_line.sale_id, 'lineId', v_line.id, 'returnId', p_return, 'quantity', v_take, 'paidMinor',
          v_sold.paid - consignment_part(v_sold.paid_minor, v_sold.quantity, v_sold.out - v_take), 'recordedBy', p_by));
      v_surplus := v_surplus - v_take;
    END LOOP;
  END LOOP;
END $$;
