-- A sale that was paid for and is void after all: its cards and credits get back what they gave, or what took their place
-- does. An entry per tender, once by constraint.
CREATE OR REPLACE FUNCTION stored_values_give_back(p_tenant uuid, p_sale uuid)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_entry record;
BEGIN
  FOR v_entry IN
    SELECT coalesce(v.replaced_by, v.id) AS id, e.tender_position, -e.amount_minor AS amount_minor
      FROM sale_tender t
      JOIN stored_value_entry e ON e.tenant_id = p_tenant AND e.sale_id = p_sale AND e.tender_position = t.position
       AND e.kind = 'SPENT'
      JOIN stored_value v ON v.tenant_id = p_tenant AND v.id = e.stored_value_id
     WHERE t.tenant_id = p_tenant AND t.sale_id = p_sale AND t.stored_value_id IS NOT NULL
     ORDER BY 1, 2
  LOOP
    PERFORM stored_value_move(p_tenant, v_entry.id, 'GIVEN_BACK', v_entry.amount_minor,
      jsonb_build_object('saleId', p_sale, 'tenderPosition', v_entry.tender_position));
  END LOOP;
  -- Of an awaited payment nothing is left that a person would have to give back.
  UPDATE sale s SET refund = jsonb_build_object('reference', 'GIVEN_BACK', 'settledBy', 'pos', 'settledAt', clock_timestamp())
   WHERE s.tenant_id = p_tenant AND s.id = p_sale AND s.payment_due_at IS NOT NULL
     AND EXISTS (SELECT FROM sale_tender t WHERE t.tenant_id = p_tenant AND t.sale_id = p_sale)
     AND NOT EXISTS (SELECT FROM sale_tender t WHERE t.tenant_id = p_tenant AND t.sale_id = p_sale AND t.stored_value_id IS NULL);
END $$;
