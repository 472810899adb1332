import { migration } from '@onecount/db';

/**
 * The events of levels and units say which variant and SKU they are of: when the catalog renames an item or
 * takes one over, they are told anew. Otherwise a shop that knows the new SKU alone hears of its stock when
 * it next changes.
 */
export const RetellRenamedItems1795200000041 = migration(
  'RetellRenamedItems1795200000041',
  `
-- The caller has locked the items.
CREATE FUNCTION items_retell(p_tenant uuid, p_items uuid[]) RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  l record;
BEGIN
  SELECT * INTO l FROM level_lock(p_tenant, p_items, array_fill(NULL::uuid, ARRAY[cardinality(p_items)]));
  FOR n IN 1 .. coalesce(cardinality(l.items), 0) LOOP
    PERFORM level_change(p_tenant, l.items[n], l.locations[n], 0, 0, l.locked_at);
  END LOOP;
  WITH told AS (
    UPDATE serial_unit u SET version = u.version + 1
    WHERE u.tenant_id = p_tenant AND u.stock_item_id = ANY (p_items) RETURNING u.id)
  INSERT INTO unit_dirty SELECT p_tenant, id FROM told ON CONFLICT DO NOTHING;
END $fn$;
ALTER FUNCTION items_retell(uuid, uuid[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION items_retell(uuid, uuid[]) SET enable_seqscan = off;
`,
);
