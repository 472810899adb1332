-- Which card or credit a tender took from, and what was left on it then (type TenderValue in sale/sale.ts).
CREATE OR REPLACE FUNCTION tender_stored_value(t sale_tender)
RETURNS json LANGUAGE plpgsql STABLE AS $$
DECLARE v_view json;
BEGIN
  SELECT json_build_object('id', v.id, 'number', v.number, 'leftMinor', e.balance_minor) INTO v_view
    FROM stored_value v
    LEFT JOIN stored_value_entry e ON e.tenant_id = t.tenant_id AND e.sale_id = t.sale_id AND e.tender_position = t.position
     AND e.kind = 'SPENT'
   WHERE v.tenant_id = t.tenant_id AND v.id = t.stored_value_id;
  RETURN v_view;
END $$;
