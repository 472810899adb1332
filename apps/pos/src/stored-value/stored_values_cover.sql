-- Whether every card and credit among the tenders has what is asked of it, those named twice for the sum. Locks them, in the
-- order of their ids, until the transaction has taken it: two tills that spend one card at once come one after the other.
CREATE OR REPLACE FUNCTION stored_values_cover(p_tenant uuid, p_currency text, p_tenders jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF NOT jsonb_path_exists(p_tenders, '$[*].storedValue.id') THEN RETURN true; END IF;
  PERFORM 1 FROM stored_value v
    WHERE v.tenant_id = p_tenant
      AND v.id IN (SELECT (t #>> '{storedValue,id}')::uuid FROM jsonb_array_elements(p_tenders) AS t)
    ORDER BY v.id FOR UPDATE;
  RETURN NOT EXISTS (
    SELECT FROM (SELECT (t #>> '{storedValue,id}')::uuid AS id, sum((t ->> 'amountMinor')::bigint) AS minor
                   FROM jsonb_array_elements(p_tenders) AS t WHERE t #>> '{storedValue,id}' IS NOT NULL GROUP BY 1) t
      LEFT JOIN stored_value v ON v.tenant_id = p_tenant AND v.id = t.id AND v.currency_code = p_currency
     WHERE v.id IS NULL OR stored_value_status(v) <> 'ACTIVE' OR v.balance_minor < t.minor);
END $$;
