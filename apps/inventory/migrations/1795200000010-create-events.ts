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
  JOIN stock_item i ON i.tenant_id = m.tenant_id AND i.id = m.stock_item_id
  JOIN location c ON c.tenant_id = m.tenant_id AND c.id = m.location_id
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
  JOIN stock_item i ON i.tenant_id = u.tenant_id AND i.id = u.stock_item_id
  JOIN location c ON c.tenant_id = u.tenant_id AND c.id = u.location_id
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
    SELECT l.tenant_id, l.stock_item_id, l.location_id FROM level l
    JOIN (SELECT * FROM level_dirty LIMIT p_limit) d
      ON d.tenant_id = l.tenant_id AND d.stock_item_id = l.stock_item_id AND d.location_id = l.location_id
    ORDER BY l.tenant_id, l.stock_item_id, l.location_id
    FOR NO KEY UPDATE OF l) s;
  IF v_items IS NULL THEN RETURN 0; END IF;
  DELETE FROM level_dirty d USING unnest(v_tenants, v_items, v_places) AS k (tenant, item, place)
  WHERE d.tenant_id = k.tenant AND d.stock_item_id = k.item AND d.location_id = k.place;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
  SELECT l.tenant_id, 'inventory.stock-level-changed', l.stock_item_id || '/' || l.location_id, l.version,
    json_strip_nulls(json_build_object('stockItemId', l.stock_item_id, 'variantId', i.variant_id, 'sku', i.sku, 'tracking', i.tracking,
      'locationId', l.location_id, 'locationCode', c.code, 'onHand', l.on_hand, 'committed', l.committed,
      'available', l.available, 'version', l.version))
  FROM unnest(v_tenants, v_items, v_places) AS k (tenant, item, place)
  JOIN level_now l ON l.tenant_id = k.tenant AND l.stock_item_id = k.item AND l.location_id = k.place
  JOIN stock_item i ON i.tenant_id = k.tenant AND i.id = k.item
  JOIN location c ON c.tenant_id = k.tenant AND c.id = k.place;
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
      SELECT u.tenant_id, u.id FROM serial_unit u
      JOIN (SELECT * FROM unit_dirty LIMIT p_limit) d ON d.tenant_id = u.tenant_id AND d.serial_unit_id = u.id
      ORDER BY u.tenant_id, u.id
      FOR NO KEY UPDATE OF u SKIP LOCKED) s
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
