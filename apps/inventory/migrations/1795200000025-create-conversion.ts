import { migration, tenantTable } from '@onecount/db';

/** How an item is counted may change with its stock on hand: what was converted, and who is told of it. */
export const CreateConversion1795200000025 = migration(
  'CreateConversion1795200000025',
  `
-- Rises with every event about the item, so that a consumer knows the newest.
ALTER TABLE stock_item ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- A unit that was collapsed into a quantity gives its serial up, so that the same piece can be registered under
-- it again; what it was called stays here. Its stock number it keeps for ever (DOMAIN 4).
ALTER TABLE serial_unit
  ADD COLUMN former_serial text,
  DROP CONSTRAINT serial_unit_named,
  ADD CONSTRAINT serial_unit_named CHECK (num_nonnulls(serial, stock_number, former_serial) > 0);

-- From SERIAL to SERIAL: further units of an item were registered.
CREATE TABLE stock_item_conversion (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL DEFAULT uuidv7(),
  stock_item_id uuid NOT NULL,
  from_tracking text NOT NULL CONSTRAINT stock_item_conversion_from CHECK (from_tracking IN ('QUANTITY', 'SERIAL')),
  to_tracking   text NOT NULL CONSTRAINT stock_item_conversion_to CHECK (to_tracking IN ('QUANTITY', 'SERIAL')),
  -- Registered one by one, or collapsed.
  units         integer NOT NULL CONSTRAINT stock_item_conversion_units CHECK (units >= 0),
  -- Over all locations; a conversion changes none of it.
  on_hand       integer NOT NULL,
  actor         text NOT NULL,
  occurred_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stock_item_conversion_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_item_conversion_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT stock_item_conversion_change CHECK (from_tracking <> to_tracking OR (from_tracking = 'SERIAL' AND units > 0))
);
${tenantTable('stock_item_conversion', { appendOnly: true })}
CREATE INDEX stock_item_conversion_item ON stock_item_conversion (tenant_id, stock_item_id, id);

-- Tells the whole state of items, each under a new version. productVersion: the version of the catalog's product
-- that this state has taken in, so that the catalog can tell an answer to its newest word from an older one.
CREATE FUNCTION stock_item_publish(p_tenant uuid, p_ids uuid[], p_traceparent text) RETURNS void LANGUAGE sql AS $fn$
  WITH told AS (
    UPDATE stock_item i SET version = i.version + 1 WHERE i.tenant_id = p_tenant AND i.id = ANY (p_ids) RETURNING i.*)
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  SELECT t.tenant_id, 'inventory.stock-item-changed', t.id, t.version,
    json_strip_nulls(json_build_object('stockItemId', t.id, 'variantId', t.variant_id, 'sku', t.sku, 'title', t.title,
      'tracking', t.tracking, 'lowStockThreshold', t.low_stock_threshold, 'backorderLimit', t.backorder_limit,
      'productVersion', nullif(t.source_version, 0), 'version', t.version)), p_traceparent
  FROM told t
$fn$;

-- Units that become a quantity: gone as units, there as before in the count. The caller has locked the levels
-- and has found them AVAILABLE; codes that named one of them name nothing any more.
CREATE FUNCTION units_collapse(p_tenant uuid, p_item uuid, p_units uuid[], p_conversion uuid, p_actor text, p_traceparent text)
RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM cost_from_units(p_tenant, p_item, p_units);
  INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, from_status, to_status, location_id, facts, reason,
    reference_kind, reference_id, actor)
  SELECT p_tenant, u.id, 'COLLAPSED', u.status, 'SCRAPPED', u.location_id,
    jsonb_strip_nulls(jsonb_build_object('formerSerial', u.serial)), 'COLLAPSED', 'CONVERSION', p_conversion::text, p_actor
  FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units);
  UPDATE serial_unit u SET status = 'SCRAPPED', former_serial = u.serial, serial = NULL, is_listed = false, version = u.version + 1
  WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units);
  UPDATE stock_code c SET actor = p_actor, note = 'its unit was collapsed into a quantity'
  WHERE c.tenant_id = p_tenant AND c.serial_unit_id = ANY (p_units);
  DELETE FROM stock_code c WHERE c.tenant_id = p_tenant AND c.serial_unit_id = ANY (p_units);
  PERFORM unit_publish(p_tenant, p_units, p_traceparent);
END $fn$;

-- Units on hand that were given names: the count stays, the cost goes over to them, but for those that
-- bring one of their own, whose share leaves the pool all the same.
CREATE FUNCTION units_register(p_tenant uuid, p_item uuid, p_units uuid[], p_costs bigint[], p_currencies text[], p_conversion uuid,
  p_actor text, p_traceparent text) RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM cost_to_units(p_tenant, p_item, p_units);
  UPDATE serial_unit u SET cost_minor = x.cost, cost_currency = x.currency
  FROM unnest(p_units, p_costs, p_currencies) AS x (id, cost, currency)
  WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) AND u.id = x.id AND x.cost IS NOT NULL;
  INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, to_status, location_id, reference_kind, reference_id, actor)
  SELECT p_tenant, u.id, 'REGISTERED', u.status, u.location_id, 'CONVERSION', p_conversion::text, p_actor
  FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units);
  PERFORM unit_publish(p_tenant, p_units, p_traceparent);
END $fn$;

-- The levels' events say how an item is counted: they are told anew. The caller has locked them all.
CREATE FUNCTION item_levels_retell(p_tenant uuid, p_item uuid) RETURNS void LANGUAGE sql AS $fn$
  SELECT level_change(p_tenant, p_item, l.location_id, 0, 0, clock_timestamp()) FROM level l
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item
$fn$;
`,
);
