-- What becomes of the uses that a checkout has reserved: COUNTED when it was sold, FREED when it was not.
CREATE OR REPLACE FUNCTION promotion_uses_end(s sale, p_state text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_state = 'FREED' THEN
    PERFORM p.id FROM promotion p
      WHERE p.tenant_id = s.tenant_id AND p.id IN (
        SELECT u.promotion_id FROM promotion_use u WHERE u.tenant_id = s.tenant_id AND u.sale_id = s.id AND u.state = 'RESERVED')
      ORDER BY p.id FOR UPDATE;
  END IF;
  WITH over AS (
    UPDATE promotion_use u SET state = p_state, ended_at = clock_timestamp()
     WHERE u.tenant_id = s.tenant_id AND u.sale_id = s.id AND u.state = 'RESERVED'
    RETURNING u.promotion_id)
  UPDATE promotion p SET uses_taken = p.uses_taken - 1 FROM over o
   WHERE p_state = 'FREED' AND p.tenant_id = s.tenant_id AND p.id = o.promotion_id;
END $$;
