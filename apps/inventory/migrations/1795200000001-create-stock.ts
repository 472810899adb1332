import { migration, tenantTable } from '@onecount/db';

/**
 * What is counted, where, and how many. Quantities are integers; `level.version` counts the changes
 * of a row and orders its events.
 */
export const CreateStock1795200000001 = migration(
  'CreateStock1795200000001',
  `
CREATE TABLE location (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL DEFAULT uuidv7(),
  code       text NOT NULL CONSTRAINT location_code_form CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,15}$'),
  name       text NOT NULL CONSTRAINT location_name_length CHECK (length(name) BETWEEN 1 AND 255),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT location_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT location_code_unique UNIQUE (tenant_id, code)
);
${tenantTable('location', { systemRoles: ['relay'] })}

CREATE TABLE stock_item (
  tenant_id           uuid NOT NULL,
  id                  uuid NOT NULL DEFAULT uuidv7(),
  variant_id          uuid,
  sku                 text NOT NULL CONSTRAINT stock_item_sku_length CHECK (length(sku) BETWEEN 1 AND 255),
  title               text NOT NULL,
  tracking            text NOT NULL CONSTRAINT stock_item_tracking CHECK (tracking IN ('NONE', 'QUANTITY', 'SERIAL')),
  low_stock_threshold integer NOT NULL DEFAULT 1 CONSTRAINT stock_item_threshold CHECK (low_stock_threshold >= 0),
  backorder_limit     integer NOT NULL DEFAULT 0,
  -- Version of the catalog's product that was applied last: an older event changes nothing.
  source_version      bigint NOT NULL DEFAULT 0,
  created_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stock_item_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_item_variant_unique UNIQUE (tenant_id, variant_id),
  CONSTRAINT stock_item_sku_unique UNIQUE (tenant_id, sku),
  -- A unit that is not there cannot be named, so serialised goods are never sold ahead.
  CONSTRAINT stock_item_backorder CHECK (backorder_limit >= 0 AND (backorder_limit = 0 OR tracking = 'QUANTITY'))
);
${tenantTable('stock_item', { systemRoles: ['relay'] })}

-- backorder_limit repeats the item's, because a CHECK sees one row only; the item's update carries it here.
-- A backordered sale that is applied takes on_hand below zero by what is still to come, hence the floor.
-- fillfactor: a hot row is updated many times a second and stays on its page (HOT).
CREATE TABLE level (
  tenant_id       uuid NOT NULL,
  stock_item_id   uuid NOT NULL,
  location_id     uuid NOT NULL,
  on_hand         integer NOT NULL DEFAULT 0,
  committed       integer NOT NULL DEFAULT 0,
  backorder_limit integer NOT NULL DEFAULT 0 CONSTRAINT level_backorder_limit CHECK (backorder_limit >= 0),
  version         bigint NOT NULL DEFAULT 0,
  updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT level_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id),
  CONSTRAINT level_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT level_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT level_on_hand_floor CHECK (on_hand >= -backorder_limit),
  CONSTRAINT level_on_hand_max CHECK (on_hand <= 100000000),
  CONSTRAINT level_committed_floor CHECK (committed >= 0),
  CONSTRAINT level_available_floor CHECK (on_hand - committed >= -backorder_limit)
) WITH (fillfactor = 50);
${tenantTable('level', { systemRoles: ['relay', 'sweeper'] })}
CREATE INDEX level_location ON level (tenant_id, location_id);

CREATE TABLE serial_unit (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL DEFAULT uuidv7(),
  stock_item_id uuid NOT NULL,
  serial        text CONSTRAINT serial_unit_serial_length CHECK (length(serial) BETWEEN 1 AND 255),
  stock_number  text CONSTRAINT serial_unit_stock_number_length CHECK (length(stock_number) BETWEEN 1 AND 255),
  certificate   jsonb,
  attributes    jsonb NOT NULL DEFAULT '[]',
  photos        jsonb NOT NULL DEFAULT '[]',
  status        text NOT NULL DEFAULT 'AVAILABLE' CONSTRAINT serial_unit_status CHECK (status IN
                  ('AVAILABLE', 'HELD', 'SOLD', 'IN_REPAIR', 'IN_TRANSIT', 'LOST', 'SCRAPPED', 'RETURNED')),
  -- Where it is, or was when it left.
  location_id   uuid NOT NULL,
  version       bigint NOT NULL DEFAULT 1,
  received_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  sale_id       uuid,
  sold_at       timestamptz,
  CONSTRAINT serial_unit_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT serial_unit_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT serial_unit_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT serial_unit_named CHECK (serial IS NOT NULL OR stock_number IS NOT NULL),
  CONSTRAINT serial_unit_serial_unique UNIQUE (tenant_id, stock_item_id, serial),
  CONSTRAINT serial_unit_stock_number_unique UNIQUE (tenant_id, stock_number),
  CONSTRAINT serial_unit_sold CHECK ((status = 'SOLD') <= (sale_id IS NOT NULL AND sold_at IS NOT NULL))
);
${tenantTable('serial_unit', { systemRoles: ['relay', 'sweeper'] })}
CREATE INDEX serial_unit_serial ON serial_unit (tenant_id, serial);
CREATE INDEX serial_unit_item ON serial_unit (tenant_id, stock_item_id, id);
-- Oldest free unit of an item at a location: the order in which generic sales are allocated.
CREATE INDEX serial_unit_free ON serial_unit (tenant_id, stock_item_id, location_id, received_at, id)
  WHERE status = 'AVAILABLE';

-- A stock number is used once, for ever (DOMAIN 4): units are never deleted and numbers never change,
-- so that the unique constraint above covers the past too.
CREATE FUNCTION serial_unit_keeps_its_number() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION 'a unit is never deleted and keeps its item and stock number'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'serial_unit_identity';
END $fn$;
CREATE TRIGGER serial_unit_no_delete BEFORE DELETE OR TRUNCATE ON serial_unit
  FOR EACH STATEMENT EXECUTE FUNCTION serial_unit_keeps_its_number();
CREATE TRIGGER serial_unit_identity BEFORE UPDATE OF stock_number, stock_item_id ON serial_unit FOR EACH ROW
  WHEN (OLD.stock_item_id <> NEW.stock_item_id
    OR (OLD.stock_number IS NOT NULL AND OLD.stock_number IS DISTINCT FROM NEW.stock_number))
  EXECUTE FUNCTION serial_unit_keeps_its_number();

CREATE TABLE stock_code (
  tenant_id      uuid NOT NULL,
  code           text NOT NULL CONSTRAINT stock_code_length CHECK (length(code) BETWEEN 1 AND 255),
  stock_item_id  uuid NOT NULL,
  serial_unit_id uuid,
  -- BARCODE follows the catalog's variant; TAG was given here.
  kind           text NOT NULL DEFAULT 'TAG' CONSTRAINT stock_code_kind CHECK (kind IN ('TAG', 'BARCODE')),
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stock_code_pkey PRIMARY KEY (tenant_id, code),
  CONSTRAINT stock_code_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT stock_code_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id)
);
${tenantTable('stock_code')}
CREATE INDEX stock_code_item ON stock_code (tenant_id, stock_item_id);
CREATE INDEX stock_code_unit ON stock_code (tenant_id, serial_unit_id) WHERE serial_unit_id IS NOT NULL;
`,
);
