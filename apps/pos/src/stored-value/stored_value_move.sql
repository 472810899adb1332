-- One movement of one card or credit: balance and ledger in one statement, so that neither can be without the other. The
-- row's CHECK and not the caller decides whether it is covered. What puts new money on it lets its time begin anew. p_of says
-- what moved it; answers the balance after it.
CREATE OR REPLACE FUNCTION stored_value_move(p_tenant uuid, p_value uuid, p_kind text, p_amount bigint, p_of jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v_balance bigint;
BEGIN
  WITH moved AS (
    UPDATE stored_value v
       SET balance_minor = v.balance_minor + p_amount, entries = v.entries + 1,
           expires_at = CASE WHEN p_kind IN ('SOLD', 'ISSUED') OR (p_kind = 'REFUNDED' AND v.kind = 'STORE_CREDIT')
                        THEN stored_value_expiry(p_tenant, v.kind) ELSE v.expires_at END
     WHERE v.tenant_id = p_tenant AND v.id = p_value
    RETURNING v.id, v.entries, v.balance_minor
  )
  INSERT INTO stored_value_entry (tenant_id, stored_value_id, number, kind, amount_minor, balance_minor, sale_id,
                                  tender_position, line_id, return_id, other_id, reason, recorded_by)
  SELECT p_tenant, m.id, m.entries, p_kind, p_amount, m.balance_minor, o."saleId", o."tenderPosition", o."lineId",
         o."returnId", o."otherId", o.reason, o."recordedBy"
    FROM moved m
    CROSS JOIN jsonb_to_record(p_of) AS o("saleId" uuid, "tenderPosition" integer, "lineId" uuid, "returnId" uuid,
         "otherId" uuid, reason text, "recordedBy" text)
  RETURNING balance_minor INTO STRICT v_balance;
  RETURN v_balance;
END $$;
