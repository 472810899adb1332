-- The commit of a sale makes the gift cards that it sold worth what was paid for them; before, they are worth nothing. A
-- card that was replaced meanwhile is filled in its successor.
CREATE OR REPLACE FUNCTION gift_cards_fill(p_tenant uuid, p_sale uuid)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_line record;
BEGIN
  FOR v_line IN
    SELECT l.id, coalesce(v.replaced_by, v.id) AS card, l.total_minor AS amount_minor
      FROM sale_line l JOIN stored_value v ON v.tenant_id = l.tenant_id AND v.id = l.gift_card_id
     WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.gift_card_id IS NOT NULL
     ORDER BY 2, 1
  LOOP
    UPDATE stored_value SET active_at = clock_timestamp()
     WHERE tenant_id = p_tenant AND id = v_line.card AND active_at IS NULL;
    -- A card that was given away for nothing has nothing on it, and no entry.
    IF v_line.amount_minor > 0 THEN
      PERFORM stored_value_move(p_tenant, v_line.card, 'SOLD', v_line.amount_minor,
        jsonb_build_object('saleId', p_sale, 'lineId', v_line.id));
    END IF;
  END LOOP;
END $$;
