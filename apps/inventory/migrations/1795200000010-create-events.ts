import { migration } from '@onecount/db';

/**
 * Events are written where the change is: in the same statement or transaction, from the row as it
 * is under its lock. The relay checks each against its JSON Schema before it leaves.
 */
export const CreateEvents1795200000010 = migration(
  'CreateEvents1795200000010',
  `
CREATE FUNCTION instant(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $fn$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$fn$;

CREATE FUNCTION movement_publish(p_tenant uuid, p_ids uuid[], p_traceparent text) RETURNS void LANGUAGE sql AS $fn$
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  SELECT p_tenant, 'inventory.movement-recorded', m.stock_item_id, m.position,
    json_strip_nulls(json_build_object('movementId', m.id, 'stockItemId', m.stock_item_id, 'variantId', i.variant_id, 'sku', i.sku,
      'locationId', m.location_id, 'locationCode', c.code, 'serialUnitId', m.serial_unit_id, 'quantity', m.quantity,
      'reason', m.reason, 'referenceKind', m.reference_kind, 'referenceId', m.reference_id,
      'resultingOnHand', m.resulting_on_hand, 'occurredAt', instant(m.occurred_at), 'actor', m.actor)), p_traceparent
  FROM movement m
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = m.tenant_id AND x.id = m.stock_item_id OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = m.tenant_id AND x.id = m.location_id OFFSET 0) c
  WHERE m.tenant_id = p_tenant AND m.id = ANY (p_ids)
  ORDER BY m.position
$fn$;

CREATE FUNCTION unit_publish(p_tenant uuid, p_ids uuid[], p_traceparent text) RETURNS void LANGUAGE sql AS $fn$
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  SELECT u.tenant_id, 'inventory.serial-unit-changed', u.id, u.version,
    json_strip_nulls(json_build_object('serialUnitId', u.id, 'version', u.version, 'stockItemId', u.stock_item_id, 'variantId', i.variant_id,
      'sku', i.sku, 'serial', u.serial, 'stockNumber', u.stock_number, 'status', u.status, 'locationId', u.location_id,
      'locationCode', c.code, 'certificate', u.certificate, 'attributes', u.attributes, 'photos', u.photos,
      'receivedAt', instant(u.received_at), 'saleId', u.sale_id, 'soldAt', instant(u.sold_at))), p_traceparent
  FROM serial_unit_now u
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = u.tenant_id AND x.id = u.stock_item_id OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = u.tenant_id AND x.id = u.location_id OFFSET 0) c
  WHERE u.tenant_id = p_tenant AND u.id = ANY (p_ids)
$fn$;

-- Publishes the newest state of levels that changed, across tenants; answers how many. The lock is the
-- point: without it, a hold could change the level between our reading it and our deleting its mark, find the
-- mark still there, add none, and its change would never be published. Locked first, in the order everybody
-- uses; then read and unmarked by statements with a newer snapshot.
CREATE FUNCTION level_publish_changed(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_tenants uuid[]; v_items uuid[]; v_places uuid[]; v_count integer;
BEGIN
  SELECT array_agg(s.tenant_id), array_agg(s.stock_item_id), array_agg(s.location_id) INTO v_tenants, v_items, v_places FROM (
    SELECT d.tenant_id, d.stock_item_id, d.location_id
    FROM (SELECT * FROM level_dirty LIMIT p_limit) d
    ORDER BY d.tenant_id, d.stock_item_id, d.location_id) s;
  FOR n IN 1 .. coalesce(cardinality(v_items), 0) LOOP
    PERFORM FROM level l WHERE l.tenant_id = v_tenants[n] AND l.stock_item_id = v_items[n] AND l.location_id = v_places[n]
    FOR NO KEY UPDATE;
  END LOOP;
  IF v_items IS NULL THEN RETURN 0; END IF;
  FOR n IN 1 .. cardinality(v_items) LOOP
    DELETE FROM level_dirty d WHERE d.tenant_id = v_tenants[n] AND d.stock_item_id = v_items[n] AND d.location_id = v_places[n];
  END LOOP;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
  SELECT l.tenant_id, 'inventory.stock-level-changed', l.stock_item_id || '/' || l.location_id, l.version,
    json_strip_nulls(json_build_object('stockItemId', l.stock_item_id, 'variantId', i.variant_id, 'sku', i.sku, 'tracking', i.tracking,
      'locationId', l.location_id, 'locationCode', c.code, 'onHand', l.on_hand, 'committed', l.committed,
      'available', l.available, 'version', l.version))
  FROM unnest(v_tenants, v_items, v_places) AS k (tenant, item, place)
  CROSS JOIN LATERAL (SELECT * FROM level_now x WHERE x.tenant_id = k.tenant AND x.stock_item_id = k.item AND x.location_id = k.place OFFSET 0) l
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = k.tenant AND x.id = k.item OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = k.tenant AND x.id = k.place OFFSET 0) c;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $fn$;

-- The same for units that were held or let go. A unit that is locked is left for the next round: here no
-- level is locked, so waiting for a unit could close a circle with those who lock the level first.
CREATE FUNCTION unit_publish_changed(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  r record; v_count integer := 0;
BEGIN
  FOR r IN
    SELECT s.tenant_id, array_agg(s.id) AS ids FROM (
      SELECT u.tenant_id, u.id FROM (SELECT * FROM unit_dirty LIMIT p_limit) d
      CROSS JOIN LATERAL (
        SELECT x.tenant_id, x.id FROM serial_unit x WHERE x.tenant_id = d.tenant_id AND x.id = d.serial_unit_id
        FOR NO KEY UPDATE SKIP LOCKED) u) s
    GROUP BY s.tenant_id
  LOOP
    DELETE FROM unit_dirty d WHERE d.tenant_id = r.tenant_id AND d.serial_unit_id = ANY (r.ids);
    PERFORM unit_publish(r.tenant_id, r.ids, NULL);
    v_count := v_count + cardinality(r.ids);
  END LOOP;
  RETURN v_count;
END $fn$;
`,
);
