import { acrossTenants, migration, tenantTable } from '@onecount/db';

/**
 * What several parts of inventory build on: facts of a unit and its record, the instant at which the
 * ledger learned of a movement, cost, and a tenant's settings. Only adds; nothing older reads it.
 */
export const ExpandStock1795200000014 = migration(
  'ExpandStock1795200000014',
  `
ALTER TABLE stock_item ADD COLUMN category text;
CREATE INDEX stock_item_category ON stock_item (tenant_id, category) WHERE category IS NOT NULL;

ALTER TABLE serial_unit
  ADD COLUMN condition      text CONSTRAINT serial_unit_condition_length CHECK (length(condition) BETWEEN 1 AND 255),
  ADD COLUMN cost_minor     bigint CONSTRAINT serial_unit_cost CHECK (cost_minor >= 0),
  ADD COLUMN cost_currency  text,
  ADD COLUMN is_listed      boolean NOT NULL DEFAULT false,
  ADD COLUMN predecessor_id uuid,
  -- Told by the passport service's event: such a unit is never collapsed into a quantity.
  ADD COLUMN has_passport   boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT serial_unit_cost_currency CHECK ((cost_minor IS NULL) = (cost_currency IS NULL)),
  ADD CONSTRAINT serial_unit_predecessor_fkey FOREIGN KEY (tenant_id, predecessor_id) REFERENCES serial_unit (tenant_id, id),
  -- One unit has one successor: two pieces never claim to be the same one re-mounted.
  ADD CONSTRAINT serial_unit_one_successor UNIQUE (tenant_id, predecessor_id),
  ADD CONSTRAINT serial_unit_not_its_own CHECK (predecessor_id <> id);

CREATE OR REPLACE VIEW serial_unit_now WITH (security_invoker = true) AS
SELECT u.tenant_id, u.id, u.stock_item_id, u.serial, u.stock_number, u.certificate, u.attributes, u.photos,
       CASE WHEN u.status = 'HELD' AND EXISTS (
         SELECT 1 FROM hold h
         WHERE h.tenant_id = u.tenant_id AND h.serial_unit_id = u.id
           AND h.status = 'LIVE' AND h.expires_at <= statement_timestamp())
       THEN 'AVAILABLE' ELSE u.status END AS status,
       u.location_id, u.version, u.received_at, u.sale_id, u.sold_at,
       u.condition, u.cost_minor, u.cost_currency, u.is_listed, u.predecessor_id, u.has_passport
FROM serial_unit u;

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
${tenantTable('serial_unit_change', { appendOnly: true })}
CREATE INDEX serial_unit_change_unit ON serial_unit_change (tenant_id, serial_unit_id, id);

-- occurred_at is when it happened, as its document says: a sale's movement is written some moments after its
-- commit. recorded_at is drawn under the level's lock and rises with level_version: what was known when.
ALTER TABLE movement ADD COLUMN recorded_at timestamptz;
ALTER TABLE movement DISABLE TRIGGER movement_append_only;
${acrossTenants('movement', 'UPDATE movement SET recorded_at = occurred_at;')}
ALTER TABLE movement ENABLE TRIGGER movement_append_only;
ALTER TABLE movement
  ALTER COLUMN recorded_at SET DEFAULT clock_timestamp(),
  ALTER COLUMN recorded_at SET NOT NULL,
  -- Cost of the whole quantity: of goods received, or of goods that left (by FIFO or weighted average).
  ADD COLUMN cost_minor bigint CONSTRAINT movement_cost CHECK (cost_minor >= 0),
  ADD COLUMN cost_currency text,
  ADD CONSTRAINT movement_cost_minor_currency CHECK ((cost_minor IS NULL) = (cost_currency IS NULL)),
  DROP CONSTRAINT movement_reason,
  ADD CONSTRAINT movement_reason CHECK (reason IN
    ('OPENING', 'RECEIPT', 'SALE', 'SALE_CORRECTION', 'COUNT_CORRECTION', 'DAMAGE', 'LOSS', 'RETURN', 'FOUND',
     'REPAIR_CONSUMPTION', 'TRANSFER', 'OTHER'));
CREATE INDEX movement_level_recorded ON movement (tenant_id, stock_item_id, location_id, recorded_at, level_version);

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
`,
);
