-- Takes a use of each promotion of a sale whose checkout begins, in the transaction of the intent: all of them, or none and false.
-- Whoever wants the last use waits for the lock and then sees that it is gone.
CREATE OR REPLACE FUNCTION promotions_reserve(s sale) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  -- By id, so that two sales with the same two promotions do not wait for each other.
  PERFORM p.id FROM promotion p
    WHERE p.tenant_id = s.tenant_id AND p.id IN (
      SELECT d.promotion_id FROM sale_discount d WHERE d.tenant_id = s.tenant_id AND d.sale_id = s.id AND d.amount_minor > 0)
    ORDER BY p.id FOR UPDATE;
  IF NOT FOUND THEN RETURN true; END IF;
  IF promotion_problem(s) IS NOT NULL THEN RETURN false; END IF;
  WITH used AS (
    INSERT INTO promotion_use (tenant_id, promotion_id, sale_id, customer_id, state)
    SELECT d.tenant_id, d.promotion_id, d.sale_id, s.customer_id, 'RESERVED' FROM sale_discount d
     WHERE d.tenant_id = s.tenant_id AND d.sale_id = s.id AND d.promotion_id IS NOT NULL AND d.amount_minor > 0
    RETURNING promotion_id)
  UPDATE promotion p SET uses_taken = p.uses_taken + 1 FROM used u WHERE p.tenant_id = s.tenant_id AND p.id = u.promotion_id;
  RETURN true;
END $$;
