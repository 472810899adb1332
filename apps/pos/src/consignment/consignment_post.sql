-- The next entry of an account. The account's row is the queue: entries of one account are numbered without a gap and each has
-- the balance that it left.
CREATE OR REPLACE FUNCTION consignment_post(p_tenant uuid, p_agreement uuid, p_currency text, p_entry jsonb)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_account consignment_account; v_id uuid := uuidv7(); v_amount bigint := (p_entry ->> 'amountMinor')::bigint;
BEGIN
  UPDATE consignment_account AS c SET balance_minor = c.balance_minor + v_amount, entries = c.entries + 1
   WHERE c.tenant_id = p_tenant AND c.agreement_id = p_agreement AND c.currency_code = p_currency
  RETURNING c.* INTO STRICT v_account;
  INSERT INTO consignment_entry (tenant_id, id, agreement_id, currency_code, number, kind, amount_minor, balance_minor, piece_id,
                                 sale_id, line_id, return_id, quantity, paid_minor, is_below_minimum, reference, recorded_by)
  SELECT p_tenant, v_id, p_agreement, p_currency, v_account.entries, e.kind, v_amount, v_account.balance_minor, e."pieceId",
         e."saleId", e."lineId", e."returnId", e.quantity, e."paidMinor", coalesce(e."isBelowMinimum", false), e.reference,
         e."recordedBy"
    FROM jsonb_to_record(p_entry) AS e(kind text, "pieceId" uuid, "saleId" uuid, "lineId" uuid, "returnId" uuid,
         quantity integer, "paidMinor" bigint, "isBelowMinimum" boolean, reference text, "recordedBy" text);
  RETURN v_id;
END $$;
