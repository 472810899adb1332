-- A hold that a line has, with its item, as the service reads a placed one.
CREATE OR REPLACE FUNCTION sale_hold_answer(h hold) RETURNS jsonb LANGUAGE sql STABLE AS $fn$
  SELECT hold_facts(h) || jsonb_build_object('item', jsonb_build_object('stockItemId', i.id, 'variantId', i.variant_id, 'sku', i.sku,
    'title', i.title, 'tracking', i.tracking))
  FROM stock_item i WHERE i.tenant_id = h.tenant_id AND i.id = h.stock_item_id
$fn$;
