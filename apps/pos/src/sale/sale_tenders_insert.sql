-- What a sale is paid with, in the order given, as in sale_view; what cards and credits give is taken from them by the same
-- statement, so that no crash leaves one without the other. The caller has asked stored_values_cover.
CREATE OR REPLACE FUNCTION sale_tenders_insert(p_tenant uuid, p_sale uuid, p_tenders jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sale_tender (tenant_id, sale_id, position, kind, amount_minor, reference, stored_value_id)
  SELECT p_tenant, p_sale, t.ord - 1, t.kind, t.amount, t.reference, (t.value ->> 'id')::uuid
    FROM ROWS FROM (jsonb_to_recordset(p_tenders) AS (kind text, "amountMinor" bigint, reference text, "storedValue" jsonb))
         WITH ORDINALITY AS t(kind, amount, reference, value, ord);
  IF jsonb_path_exists(p_tenders, '$[*].storedValue.id') THEN PERFORM stored_values_spend(p_tenant, p_sale); END IF;
END $$;
