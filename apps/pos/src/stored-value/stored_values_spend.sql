-- Takes from cards and credits what the tenders of a sale, stored by the same transaction, say.
CREATE OR REPLACE FUNCTION stored_values_spend(p_tenant uuid, p_sale uuid)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_tender record;
BEGIN
  FOR v_tender IN
    SELECT t.position, t.amount_minor, t.stored_value_id FROM sale_tender t
     WHERE t.tenant_id = p_tenant AND t.sale_id = p_sale AND t.stored_value_id IS NOT NULL
     ORDER BY t.stored_value_id, t.position
  LOOP
    PERFORM stored_value_move(p_tenant, v_tender.stored_value_id, 'SPENT', -v_tender.amount_minor,
      jsonb_build_object('saleId', p_sale, 'tenderPosition', v_tender.position));
  END LOOP;
END $$;
