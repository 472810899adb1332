-- The claim was given: from now on the sweeper looks at an unpaid checkout when its payment is overdue, and not before. A sale
-- that was paid or voided meanwhile stays as it is. Answers the sale.
CREATE OR REPLACE FUNCTION sale_await(p_tenant uuid, p_sale uuid)
RETURNS json LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  UPDATE sale SET claimed_at = clock_timestamp(), settle_after = payment_due_at, settle_attempts = 0
   WHERE tenant_id = p_tenant AND id = p_sale AND status = 'PENDING' AND commit_key IS NULL AND payment_due_at IS NOT NULL;
  RETURN sale_by_id(p_tenant, p_sale);
END $$;
