-- Lines of several SKUs, each decided as hold_place decides it. Missing levels first, then the locks of all
-- levels of all items in key order: from then on no SKU waits for another. p_requests: [{"sku", …as for hold_place}]. Answers
-- in their order; when one is refused, the caller rolls all back. A request with a holdId is a take of sale_hold_take.
CREATE OR REPLACE FUNCTION hold_place_all(p_tenant uuid, p_requests jsonb)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_items uuid[]; v_answers jsonb[]; v_placed jsonb;
  r record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_items := ARRAY(SELECT i.id FROM stock_item i WHERE i.tenant_id = p_tenant
    AND i.sku_key = ANY (ARRAY(SELECT identifier_key(q ->> 'sku') FROM jsonb_array_elements(p_requests) q)) ORDER BY i.id);
  INSERT INTO level (tenant_id, stock_item_id, location_id, backorder_limit)
  SELECT DISTINCT p_tenant, i.id, c.id, i.backorder_limit
  FROM (SELECT identifier_key(w.sku) AS key, w."locationId" FROM jsonb_to_recordset(p_requests) AS w (sku text, "locationId" uuid) OFFSET 0) q
  CROSS JOIN LATERAL (
    SELECT x.id, x.backorder_limit FROM stock_item x
    WHERE x.tenant_id = p_tenant AND x.sku_key = q.key AND x.backorder_limit > 0 OFFSET 0) i
  JOIN location c ON c.tenant_id = p_tenant AND (c.id = q."locationId" OR q."locationId" IS NULL AND c.code = (
    SELECT min(f.code) FROM location f WHERE f.tenant_id = p_tenant AND NOT EXISTS (
      SELECT FROM level x WHERE x.tenant_id = p_tenant AND x.stock_item_id = i.id)))
  ORDER BY 2, 3 ON CONFLICT DO NOTHING;
  PERFORM level_lock(p_tenant, v_items, array_fill(NULL::uuid, ARRAY[cardinality(v_items)]));
  FOR r IN
    SELECT q.line ->> 'sku' AS sku, jsonb_agg(q.line ORDER BY q.ord) AS lines, array_agg(q.ord::integer ORDER BY q.ord) AS ords
    FROM jsonb_array_elements(p_requests) WITH ORDINALITY AS q (line, ord) WHERE NOT q.line ? 'holdId' GROUP BY 1 ORDER BY 1
  LOOP
    v_placed := hold_place(p_tenant, r.sku, r.lines);
    FOR n IN 1 .. cardinality(r.ords) LOOP
      v_answers[r.ords[n]] := jsonb_build_object('item', v_placed -> 'item')
        || coalesce(v_placed -> 'answers' -> (n - 1), '{"outcome": "NO_SUCH_ITEM"}');
    END LOOP;
  END LOOP;
  FOR r IN
    SELECT q.line, q.ord::integer AS ord FROM jsonb_array_elements(p_requests) WITH ORDINALITY AS q (line, ord)
    WHERE q.line ? 'holdId' ORDER BY q.ord
  LOOP
    v_answers[r.ord] := sale_hold_take(p_tenant, r.line);
  END LOOP;
  RETURN to_jsonb(v_answers);
END $fn$;
