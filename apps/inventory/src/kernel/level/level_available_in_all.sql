-- How many of an item are free in all locations together, for a refusal that says so: no lock, and what expired and was not
-- settled yet counts as held.
CREATE OR REPLACE FUNCTION level_available_in_all(p_tenant uuid, p_item uuid)
RETURNS integer LANGUAGE sql STABLE AS $fn$
  SELECT coalesce(sum(greatest(l.on_hand - l.committed, 0)), 0)::integer FROM level l
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item
$fn$;
