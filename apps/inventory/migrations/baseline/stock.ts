import { tenantTable } from '@onecount/db';

/** What is counted and where. Quantities are integers; `level.version` counts the changes of a row and orders its events. */
export const stockTables: string = `
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
  is_on_sale boolean NOT NULL DEFAULT false,
  category text,
  -- Prefixes without regard to case, as ranges of plain columns: under row-level security no index serves LIKE
  -- or lower(), because neither is leakproof. A title's first characters, because an index has no room for more.
  sku_key   text COLLATE "C" GENERATED ALWAYS AS (lower(sku COLLATE pg_c_utf8)) STORED,
  title_key text COLLATE "C" GENERATED ALWAYS AS (lower(left(title, 64) COLLATE pg_c_utf8)) STORED,
  -- Rises with every event about the item, so that a consumer knows the newest.
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT stock_item_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_item_variant_unique UNIQUE (tenant_id, variant_id),
  CONSTRAINT stock_item_sku_unique UNIQUE (tenant_id, sku),
  -- A unit that is not there cannot be named, so serialised goods are never sold ahead.
  CONSTRAINT stock_item_backorder CHECK (backorder_limit >= 0 AND (backorder_limit = 0 OR tracking = 'QUANTITY'))
);
-- Lists are ordered by SKU: what narrows one stands before the SKU, so that a page is a range of an index.
CREATE INDEX stock_item_category ON stock_item (tenant_id, category, sku) WHERE category IS NOT NULL;
CREATE INDEX stock_item_tracking ON stock_item (tenant_id, tracking, sku);
CREATE INDEX stock_item_without_variant ON stock_item (tenant_id, sku) WHERE variant_id IS NULL;
CREATE INDEX stock_item_sku_key ON stock_item (tenant_id, sku_key);
CREATE INDEX stock_item_title_key ON stock_item (tenant_id, title_key);
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
CREATE INDEX level_location ON level (tenant_id, location_id, stock_item_id);
${tenantTable('level', { systemRoles: ['relay', 'sweeper'] })}

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
  condition      text CONSTRAINT serial_unit_condition_length CHECK (length(condition) BETWEEN 1 AND 255),
  cost_minor     bigint CONSTRAINT serial_unit_cost CHECK (cost_minor >= 0),
  cost_currency  text,
  is_listed      boolean NOT NULL DEFAULT false,
  predecessor_id uuid,
  -- Told by the passport service's event: such a unit is never collapsed into a quantity.
  has_passport   boolean NOT NULL DEFAULT false,
  -- A unit that was collapsed into a quantity gives its serial up, so that the same piece can be registered under
  -- it again; what it was called stays here. Its stock number it keeps for ever.
  former_serial text,
  CONSTRAINT serial_unit_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT serial_unit_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT serial_unit_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT serial_unit_named CHECK (num_nonnulls(serial, stock_number, former_serial) > 0),
  CONSTRAINT serial_unit_serial_unique UNIQUE (tenant_id, stock_item_id, serial),
  CONSTRAINT serial_unit_stock_number_unique UNIQUE (tenant_id, stock_number),
  CONSTRAINT serial_unit_sold CHECK ((status = 'SOLD') <= (sale_id IS NOT NULL AND sold_at IS NOT NULL)),
  CONSTRAINT serial_unit_cost_currency CHECK ((cost_minor IS NULL) = (cost_currency IS NULL)),
  CONSTRAINT serial_unit_predecessor_fkey FOREIGN KEY (tenant_id, predecessor_id) REFERENCES serial_unit (tenant_id, id),
  -- One unit has one successor: two pieces never claim to be the same one re-mounted.
  CONSTRAINT serial_unit_one_successor UNIQUE (tenant_id, predecessor_id),
  CONSTRAINT serial_unit_not_its_own CHECK (predecessor_id <> id)
);
CREATE INDEX serial_unit_item ON serial_unit (tenant_id, stock_item_id, id);
-- Oldest free unit of an item at a location: the order in which generic sales are allocated.
CREATE INDEX serial_unit_free ON serial_unit (tenant_id, stock_item_id, location_id, received_at, id)
  WHERE status = 'AVAILABLE';
-- Beginnings of serials and numbers; text_pattern_ops serves LIKE and equality whatever the collation.
CREATE INDEX serial_unit_serial ON serial_unit (tenant_id, serial text_pattern_ops) WHERE serial IS NOT NULL;
CREATE INDEX serial_unit_stock_number ON serial_unit (tenant_id, stock_number text_pattern_ops) WHERE stock_number IS NOT NULL;
CREATE INDEX serial_unit_location ON serial_unit (tenant_id, location_id, id);
-- Of AVAILABLE and SOLD there are so many that the newest are found without it.
CREATE INDEX serial_unit_rare_status ON serial_unit (tenant_id, status, id) WHERE status NOT IN ('AVAILABLE', 'SOLD');
-- What the units in stock cost, each its own.
CREATE INDEX serial_unit_cost_in_stock ON serial_unit (tenant_id, stock_item_id) INCLUDE (cost_minor, cost_currency)
  WHERE cost_minor IS NOT NULL AND status NOT IN ('SOLD', 'LOST', 'SCRAPPED');
${tenantTable('serial_unit', { systemRoles: ['relay', 'sweeper'] })}

-- What people did to a unit beside movements and holds, which are rows of their own.
CREATE TABLE serial_unit_change (
  tenant_id      uuid NOT NULL,
  id             uuid NOT NULL DEFAULT uuidv7(),
  serial_unit_id uuid NOT NULL,
  kind           text NOT NULL CONSTRAINT serial_unit_change_kind CHECK (kind IN
                   ('RECEIVED', 'STATUS', 'MOVED', 'FACTS', 'SUCCEEDED', 'REGISTERED', 'COLLAPSED')),
  from_status    text,
  to_status      text,
  location_id    uuid,
  -- The facts that changed, as they are now.
  facts          jsonb,
  reason         text,
  note           text,
  reference_kind text,
  reference_id   text,
  actor          text NOT NULL,
  occurred_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT serial_unit_change_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT serial_unit_change_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id)
);
CREATE INDEX serial_unit_change_unit ON serial_unit_change (tenant_id, serial_unit_id, id);
${tenantTable('serial_unit_change', { appendOnly: true })}

CREATE TABLE stock_code (
  tenant_id      uuid NOT NULL,
  code           text NOT NULL CONSTRAINT stock_code_length CHECK (length(code) BETWEEN 1 AND 255),
  stock_item_id  uuid NOT NULL,
  serial_unit_id uuid,
  -- BARCODE follows the catalog's variant; TAG was given here.
  kind           text NOT NULL DEFAULT 'TAG' CONSTRAINT stock_code_kind CHECK (kind IN ('TAG', 'BARCODE', 'RFID', 'LEGACY')),
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of the last change: the triggers read them, and a retirement writes them before it deletes the row.
  actor text NOT NULL DEFAULT 'system',
  note  text CONSTRAINT stock_code_note_length CHECK (length(note) <= 1000),
  CONSTRAINT stock_code_pkey PRIMARY KEY (tenant_id, code),
  CONSTRAINT stock_code_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT stock_code_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id)
);
CREATE INDEX stock_code_item ON stock_code (tenant_id, stock_item_id);
CREATE INDEX stock_code_unit ON stock_code (tenant_id, serial_unit_id) WHERE serial_unit_id IS NOT NULL;
${tenantTable('stock_code')}

CREATE TABLE stock_code_change (
  tenant_id           uuid NOT NULL,
  -- Drawn under the lock of the code's row: rises in the order of the code's changes.
  position            bigint GENERATED ALWAYS AS IDENTITY,
  code                text NOT NULL,
  kind                text NOT NULL,
  change              text NOT NULL CONSTRAINT stock_code_change_change CHECK (change IN ('ASSIGNED', 'MOVED', 'RETIRED')),
  from_stock_item_id  uuid,
  from_serial_unit_id uuid,
  to_stock_item_id    uuid,
  to_serial_unit_id   uuid,
  note                text,
  actor               text NOT NULL,
  occurred_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stock_code_change_pkey PRIMARY KEY (tenant_id, code, position),
  CONSTRAINT stock_code_change_from CHECK ((change = 'ASSIGNED') = (from_stock_item_id IS NULL)),
  CONSTRAINT stock_code_change_to CHECK ((change = 'RETIRED') = (to_stock_item_id IS NULL))
);
${tenantTable('stock_code_change', { appendOnly: true })}

-- One row per tenant that set anything; a tenant without one has the defaults.
CREATE TABLE inventory_setting (
  tenant_id            uuid NOT NULL,
  -- For example {YY}{MM}-{SEQ:4}; null: stock numbers are given by hand.
  stock_number_pattern text,
  costing_method       text NOT NULL DEFAULT 'WEIGHTED_AVERAGE' CONSTRAINT inventory_setting_costing
                         CHECK (costing_method IN ('WEIGHTED_AVERAGE', 'FIFO')),
  over_receipt_percent integer NOT NULL DEFAULT 0 CONSTRAINT inventory_setting_over_receipt
                         CHECK (over_receipt_percent BETWEEN 0 AND 1000),
  allocation_rule      text NOT NULL DEFAULT 'OLDEST' CONSTRAINT inventory_setting_allocation
                         CHECK (allocation_rule IN ('OLDEST', 'NEWEST')),
  updated_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT inventory_setting_pkey PRIMARY KEY (tenant_id)
);
${tenantTable('inventory_setting')}

-- One row per spelling of a number but for its sequence: 26-11-{SEQ}.
CREATE TABLE stock_number_counter (
  tenant_id uuid NOT NULL,
  prefix    text NOT NULL,
  last      bigint NOT NULL,
  CONSTRAINT stock_number_counter_pkey PRIMARY KEY (tenant_id, prefix)
);
${tenantTable('stock_number_counter')}

-- At or below the point, the quantity is to be ordered for the location. No row: no suggestion.
CREATE TABLE reorder_rule (
  tenant_id     uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id   uuid NOT NULL,
  point         integer NOT NULL CONSTRAINT reorder_rule_point CHECK (point BETWEEN 0 AND 1000000),
  quantity      integer NOT NULL CONSTRAINT reorder_rule_quantity CHECK (quantity BETWEEN 1 AND 1000000),
  updated_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT reorder_rule_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id),
  CONSTRAINT reorder_rule_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT reorder_rule_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id)
);
${tenantTable('reorder_rule')}
`;
