-- Releases the hold of one attempt of a rental, if there is one. Behind the levels of its item: a placing that is under way
-- is over by then, and one that comes later finds its key refused (ADR 0377).
CREATE OR REPLACE FUNCTION rental_let_go(p_tenant uuid, p_sku text, p_key text)
RETURNS boolean LANGUAGE plpgsql AS $fn$
DECLARE v_item uuid; v_hold uuid; v_now timestamptz;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT i.id INTO v_item FROM stock_item i WHERE i.tenant_id = p_tenant AND i.sku_key = identifier_key(p_sku);
  SELECT l.locked_at INTO v_now FROM level_lock(p_tenant, ARRAY[v_item], ARRAY[NULL::uuid]) l;
  SELECT h.id INTO v_hold FROM hold h
   WHERE h.tenant_id = p_tenant AND h.idempotency_key = p_key AND h.status = 'LIVE';
  RETURN v_hold IS NOT NULL AND hold_let_go(p_tenant, ARRAY[v_hold], NULL, v_now) > 0;
END $fn$;
