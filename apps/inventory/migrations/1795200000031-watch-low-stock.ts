import { acrossTenants, migration, tenantTable } from '@onecount/db';

/**
 * What follows from a level's newest state: its event, whether the item has become low, and all of it once more
 * when somebody asks. Publishing waits for nobody while it holds a lock.
 */
export const WatchLowStock1795200000031 = migration(
  'WatchLowStock1795200000031',
  `
-- Items that are low, or were: a row is written when an item crosses its threshold, and not before.
CREATE TABLE low_stock_state (
  tenant_id     uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  is_low        boolean NOT NULL,
  since         timestamptz NOT NULL,
  -- Counts the crossings; orders their events.
  version       bigint NOT NULL DEFAULT 1,
  CONSTRAINT low_stock_state_pkey PRIMARY KEY (tenant_id, stock_item_id),
  CONSTRAINT low_stock_state_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id)
);
${tenantTable('low_stock_state', { systemRoles: ['relay'] })}
CREATE INDEX low_stock_state_low ON low_stock_state (tenant_id, since DESC, stock_item_id) WHERE is_low;

-- Items to be looked at. A row per occasion and not per item: who adds one never waits for who takes one away.
CREATE TABLE low_stock_due (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL DEFAULT uuidv7(),
  stock_item_id uuid NOT NULL,
  CONSTRAINT low_stock_due_pkey PRIMARY KEY (tenant_id, id)
);
${acrossTenants(
  'level',
  'INSERT INTO low_stock_due (tenant_id, stock_item_id) SELECT DISTINCT tenant_id, stock_item_id FROM level;',
)}
${tenantTable('low_stock_due', { systemRoles: ['relay'] })}

CREATE FUNCTION stock_item_low_stock_due() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO low_stock_due (tenant_id, stock_item_id) VALUES (NEW.tenant_id, NEW.id);
  RETURN NULL;
END $fn$;
CREATE TRIGGER stock_item_low_stock_due AFTER UPDATE OF low_stock_threshold, tracking ON stock_item FOR EACH ROW
  WHEN (OLD.low_stock_threshold <> NEW.low_stock_threshold OR OLD.tracking <> NEW.tracking)
  EXECUTE FUNCTION stock_item_low_stock_due();

-- Looks at items that are due, across tenants, and tells those that have crossed; answers for how many occasions.
-- An item that never stood anywhere is not low: nothing of it ran out. One process at a time looks at an
-- item, or an older look could overwrite a newer one.
CREATE FUNCTION low_stock_evaluate(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_tenants uuid[]; v_items uuid[]; v_now timestamptz; v_taken integer;
BEGIN
  WITH taken AS (
    DELETE FROM low_stock_due d USING (
      SELECT x.tenant_id, x.id FROM low_stock_due x LIMIT p_limit FOR UPDATE SKIP LOCKED) p
    WHERE d.tenant_id = p.tenant_id AND d.id = p.id RETURNING d.tenant_id, d.stock_item_id)
  SELECT array_agg(s.tenant_id), array_agg(s.stock_item_id), sum(s.count) INTO v_tenants, v_items, v_taken FROM (
    SELECT tenant_id, stock_item_id, count(*) AS count FROM taken GROUP BY 1, 2 ORDER BY 1, 2) s;
  IF v_items IS NULL THEN RETURN 0; END IF;
  FOR n IN 1 .. cardinality(v_items) LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('low-stock/' || v_tenants[n] || '/' || v_items[n], 0));
  END LOOP;
  v_now := clock_timestamp();
  WITH seen AS MATERIALIZED (
    SELECT k.tenant, k.item, i.variant_id, i.sku, i.title, i.low_stock_threshold, a.available,
           coalesce(i.tracking <> 'NONE' AND a.available <= i.low_stock_threshold, false) AS is_low
    FROM unnest(v_tenants, v_items) AS k (tenant, item)
    CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = k.tenant AND x.id = k.item OFFSET 0) i
    CROSS JOIN LATERAL (SELECT sum(x.available) AS available FROM level_now x WHERE x.tenant_id = k.tenant AND x.stock_item_id = k.item) a
  ), crossed AS (
    INSERT INTO low_stock_state AS s (tenant_id, stock_item_id, is_low, since)
    SELECT n.tenant, n.item, n.is_low, v_now FROM seen n
    WHERE n.is_low <> coalesce((SELECT x.is_low FROM low_stock_state x WHERE x.tenant_id = n.tenant AND x.stock_item_id = n.item), false)
    ON CONFLICT (tenant_id, stock_item_id) DO UPDATE SET is_low = excluded.is_low, since = excluded.since, version = s.version + 1
    RETURNING s.tenant_id, s.stock_item_id, s.is_low, s.since, s.version)
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
  SELECT c.tenant_id, 'inventory.low-stock-changed', c.stock_item_id || '/low-stock', c.version,
    json_strip_nulls(json_build_object('stockItemId', c.stock_item_id, 'variantId', n.variant_id, 'sku', n.sku, 'title', n.title,
      'isLow', c.is_low, 'available', coalesce(n.available, 0), 'lowStockThreshold', n.low_stock_threshold, 'since', instant(c.since)))
  FROM crossed c JOIN seen n ON n.tenant = c.tenant_id AND n.item = c.stock_item_id;
  RETURN v_taken;
END $fn$;

-- Publishes the newest state of levels whose locks the caller has, and has their items looked at. Read by
-- statements with a newer snapshot than the locks': see level_publish_changed of the release before.
CREATE FUNCTION level_publish(p_tenants uuid[], p_items uuid[], p_places uuid[]) RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  FOR n IN 1 .. cardinality(p_items) LOOP
    DELETE FROM level_dirty d WHERE d.tenant_id = p_tenants[n] AND d.stock_item_id = p_items[n] AND d.location_id = p_places[n];
  END LOOP;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
  SELECT l.tenant_id, 'inventory.stock-level-changed', l.stock_item_id || '/' || l.location_id, l.version,
    json_strip_nulls(json_build_object('stockItemId', l.stock_item_id, 'variantId', i.variant_id, 'sku', i.sku, 'tracking', i.tracking,
      'locationId', l.location_id, 'locationCode', c.code, 'onHand', l.on_hand, 'committed', l.committed,
      'available', l.available, 'version', l.version))
  FROM unnest(p_tenants, p_items, p_places) AS k (tenant, item, place)
  CROSS JOIN LATERAL (SELECT * FROM level_now x WHERE x.tenant_id = k.tenant AND x.stock_item_id = k.item AND x.location_id = k.place OFFSET 0) l
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = k.tenant AND x.id = k.item OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = k.tenant AND x.id = k.place OFFSET 0) c;
  INSERT INTO low_stock_due (tenant_id, stock_item_id)
  SELECT DISTINCT k.tenant, k.item FROM unnest(p_tenants, p_items) AS k (tenant, item);
END $fn$;

-- Publishes levels that changed, of any tenant, and passes over those that somebody has locked just now: whoever is
-- slow with one level keeps nobody else's waiting. seen: at how many it looked; busy: some of those it passed over.
CREATE FUNCTION level_publish_free(p_limit integer, OUT published integer, OUT seen integer, OUT busy jsonb) LANGUAGE plpgsql AS $fn$
DECLARE
  v_tenants uuid[]; v_items uuid[]; v_places uuid[];
  d level_dirty;
BEGIN
  seen := 0; busy := '[]';
  FOR d IN SELECT * FROM level_dirty LIMIT p_limit LOOP
    seen := seen + 1;
    PERFORM FROM level l WHERE l.tenant_id = d.tenant_id AND l.stock_item_id = d.stock_item_id AND l.location_id = d.location_id
    FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
      v_tenants := v_tenants || d.tenant_id; v_items := v_items || d.stock_item_id; v_places := v_places || d.location_id;
    ELSIF jsonb_array_length(busy) < 8 THEN
      busy := busy || to_jsonb(d);
    END IF;
  END LOOP;
  published := coalesce(cardinality(v_items), 0);
  IF published > 0 THEN PERFORM level_publish(v_tenants, v_items, v_places); END IF;
END $fn$;

-- The same for one level that changes without a pause: waits for its turn at its lock, and holds no other one.
CREATE FUNCTION level_publish_busy(d jsonb, p_wait_ms integer) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  k level_dirty := jsonb_populate_record(NULL::level_dirty, d);
BEGIN
  PERFORM set_config('lock_timeout', p_wait_ms::text, true);
  BEGIN
    PERFORM FROM level l WHERE l.tenant_id = k.tenant_id AND l.stock_item_id = k.stock_item_id AND l.location_id = k.location_id
    FOR NO KEY UPDATE;
  EXCEPTION WHEN lock_not_available THEN RETURN 0;
  END;
  PERFORM level_publish(ARRAY[k.tenant_id], ARRAY[k.stock_item_id], ARRAY[k.location_id]);
  RETURN 1;
END $fn$;

-- For processes of the release before this one.
CREATE OR REPLACE FUNCTION level_publish_changed(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $fn$
BEGIN
  RETURN (SELECT f.published FROM level_publish_free(p_limit) f);
END $fn$;

-- The movement's id is its event's: one that is published again is known to whoever has it.
CREATE OR REPLACE FUNCTION movement_publish(p_tenant uuid, p_ids uuid[], p_traceparent text) RETURNS void LANGUAGE sql AS $fn$
  INSERT INTO outbox (tenant_id, event_id, type, aggregate_id, sequence, data, traceparent)
  SELECT p_tenant, m.id, 'inventory.movement-recorded', m.stock_item_id, m.position,
    json_strip_nulls(json_build_object('movementId', m.id, 'stockItemId', m.stock_item_id, 'variantId', i.variant_id, 'sku', i.sku,
      'locationId', m.location_id, 'locationCode', c.code, 'serialUnitId', m.serial_unit_id, 'quantity', m.quantity,
      'reason', m.reason, 'referenceKind', m.reference_kind, 'referenceId', m.reference_id,
      'cost', CASE WHEN m.cost_minor IS NOT NULL THEN json_build_object('amountMinor', m.cost_minor, 'currencyCode', m.cost_currency) END,
      'costQuantity', m.cost_quantity,
      'resultingOnHand', m.resulting_on_hand, 'occurredAt', instant(m.occurred_at), 'actor', m.actor)), p_traceparent
  FROM movement m
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = m.tenant_id AND x.id = m.stock_item_id OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = m.tenant_id AND x.id = m.location_id OFFSET 0) c
  WHERE m.tenant_id = p_tenant AND m.id = ANY (p_ids)
  ORDER BY m.position
$fn$;

-- Everything of a tenant once more, step by step: each place says how far it came; null: not asked for, or done.
CREATE TABLE republish (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL DEFAULT uuidv7(),
  has_levels      boolean NOT NULL,
  has_units       boolean NOT NULL,
  has_movements   boolean NOT NULL,
  level_item      uuid,
  level_place     uuid,
  unit_place      uuid,
  movement_place  uuid,
  -- Younger movements are published by themselves.
  movement_until  uuid,
  queued          bigint NOT NULL DEFAULT 0,
  actor           text NOT NULL,
  requested_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at     timestamptz,
  CONSTRAINT republish_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT republish_something CHECK (has_levels OR has_units OR has_movements)
);
${tenantTable('republish', { systemRoles: ['relay'] })}
CREATE INDEX republish_open ON republish (tenant_id, id) WHERE finished_at IS NULL;

CREATE FUNCTION republish_request(p_tenant uuid, p_levels boolean, p_units boolean, p_movements boolean, p_actor text) RETURNS uuid LANGUAGE sql AS $fn$
  INSERT INTO republish (tenant_id, has_levels, has_units, has_movements, level_item, level_place, unit_place, movement_place, movement_until, actor)
  SELECT p_tenant, p_levels, p_units, p_movements, CASE WHEN p_levels THEN z.none END, CASE WHEN p_levels THEN z.none END,
    CASE WHEN p_units THEN z.none END, CASE WHEN p_movements THEN z.none END,
    (SELECT m.id FROM movement m WHERE m.tenant_id = p_tenant ORDER BY m.id DESC LIMIT 1), p_actor
  FROM (VALUES ('00000000-0000-0000-0000-000000000000'::uuid)) AS z (none)
  RETURNING id
$fn$;

-- One bounded step of one request, of any tenant; answers how many changes it queued, null when there is nothing to
-- do or what was queued before is still waiting to leave.
CREATE FUNCTION republish_step(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  r republish; v_ids uuid[]; v_items uuid[]; v_count integer := 0;
BEGIN
  IF (SELECT count(*) FROM (SELECT FROM outbox o WHERE o.published_at IS NULL AND o.refused_reason IS NULL LIMIT p_limit * 4) x) >= p_limit * 4
    OR (SELECT count(*) FROM (SELECT FROM level_dirty LIMIT p_limit * 4) x) >= p_limit * 4
    OR (SELECT count(*) FROM (SELECT FROM unit_dirty LIMIT p_limit * 4) x) >= p_limit * 4 THEN RETURN NULL;
  END IF;
  SELECT * INTO r FROM republish x WHERE x.finished_at IS NULL ORDER BY x.id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN NULL; END IF;
  -- Movements are the tenant's alone: no system role reads them.
  PERFORM set_config('app.tenant', r.tenant_id::text, true);
  IF r.level_item IS NOT NULL THEN
    SELECT array_agg(s.stock_item_id), array_agg(s.location_id) INTO v_items, v_ids FROM (
      SELECT l.stock_item_id, l.location_id FROM level l
      WHERE l.tenant_id = r.tenant_id AND (l.stock_item_id, l.location_id) > (r.level_item, r.level_place)
      ORDER BY 1, 2 LIMIT p_limit) s;
    INSERT INTO level_dirty SELECT r.tenant_id, k.item, k.place FROM unnest(v_items, v_ids) AS k (item, place) ON CONFLICT DO NOTHING;
    v_count := coalesce(cardinality(v_ids), 0);
    r.level_item := CASE WHEN v_count = p_limit THEN v_items[v_count] END;
    r.level_place := CASE WHEN v_count = p_limit THEN v_ids[v_count] END;
  ELSIF r.unit_place IS NOT NULL THEN
    v_ids := ARRAY(SELECT u.id FROM serial_unit u WHERE u.tenant_id = r.tenant_id AND u.id > r.unit_place ORDER BY u.id LIMIT p_limit);
    INSERT INTO unit_dirty SELECT r.tenant_id, k FROM unnest(v_ids) AS k ON CONFLICT DO NOTHING;
    v_count := cardinality(v_ids);
    r.unit_place := CASE WHEN v_count = p_limit THEN v_ids[v_count] END;
  ELSIF r.movement_place IS NOT NULL THEN
    v_ids := ARRAY(SELECT m.id FROM movement m WHERE m.tenant_id = r.tenant_id AND m.id > r.movement_place AND m.id <= r.movement_until
                   ORDER BY m.id LIMIT p_limit);
    PERFORM movement_publish(r.tenant_id, v_ids, NULL);
    v_count := cardinality(v_ids);
    r.movement_place := CASE WHEN v_count = p_limit THEN v_ids[v_count] END;
  END IF;
  UPDATE republish x SET level_item = r.level_item, level_place = r.level_place, unit_place = r.unit_place,
    movement_place = r.movement_place, queued = x.queued + v_count,
    finished_at = CASE WHEN r.level_item IS NULL AND r.unit_place IS NULL AND r.movement_place IS NULL THEN clock_timestamp() END
  WHERE x.tenant_id = r.tenant_id AND x.id = r.id;
  RETURN v_count;
END $fn$;

${[
  'low_stock_evaluate(integer)',
  'level_publish(uuid[], uuid[], uuid[])',
  'level_publish_free(integer)',
  'level_publish_busy(jsonb, integer)',
  'level_publish_changed(integer)',
  'republish_step(integer)',
]
  .map(
    (name) => `ALTER FUNCTION ${name} SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION ${name} SET enable_seqscan = off;`,
  )
  .join('\n')}
`,
);
