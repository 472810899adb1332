-- A level carries its item's backorder limit, and is made by whoever needs it first: it takes the limit that
-- stands then, and nobody changes that before the level is there to be found.
CREATE OR REPLACE FUNCTION level_takes_limit() RETURNS trigger LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
BEGIN
  -- Asked for again and again, and there already: the item stays unlocked, as levels may be locked by now.
  IF NOT EXISTS (SELECT FROM level l WHERE l.tenant_id = NEW.tenant_id AND l.stock_item_id = NEW.stock_item_id
                   AND l.location_id = NEW.location_id) THEN
    SELECT i.backorder_limit INTO NEW.backorder_limit FROM stock_item i
    WHERE i.tenant_id = NEW.tenant_id AND i.id = NEW.stock_item_id FOR SHARE;
    -- No such item is for the foreign key to say.
    NEW.backorder_limit := coalesce(NEW.backorder_limit, 0);
  END IF;
  RETURN NEW;
END $fn$;

CREATE OR REPLACE TRIGGER level_takes_limit
BEFORE INSERT ON level FOR EACH ROW
EXECUTE FUNCTION level_takes_limit();
