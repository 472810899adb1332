import { tenantTable } from '@onecount/db';

/** What is derived from the ledger again and again: balances, differences, low stock, what is published once more. */
export const maintenanceTables: string = `
-- on_hand of a whole location at the end of a day (UTC); no row for a day without movements.
CREATE TABLE location_balance (
  tenant_id   uuid NOT NULL,
  location_id uuid NOT NULL,
  as_of       timestamptz NOT NULL,
  on_hand     bigint NOT NULL,
  CONSTRAINT location_balance_pkey PRIMARY KEY (tenant_id, location_id, as_of),
  CONSTRAINT location_balance_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id)
);
${tenantTable('location_balance', { appendOnly: true })}

CREATE TABLE ledger_difference (
  tenant_id      uuid NOT NULL,
  id             uuid NOT NULL DEFAULT uuidv7(),
  kind           text NOT NULL,
  stock_item_id  uuid NOT NULL,
  location_id    uuid,
  serial_unit_id uuid,
  expected       text NOT NULL,
  found          text NOT NULL,
  found_at       timestamptz NOT NULL,
  seen_at        timestamptz NOT NULL,
  -- Somebody put it right, or a later correction met it: seen no more.
  gone_at        timestamptz,
  CONSTRAINT ledger_difference_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT ledger_difference_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id)
);
-- Found by every round anew, told once.
CREATE UNIQUE INDEX ledger_difference_open ON ledger_difference (tenant_id, stock_item_id, kind, location_id, serial_unit_id)
  NULLS NOT DISTINCT WHERE gone_at IS NULL;
${tenantTable('ledger_difference', { systemRoles: ['sweeper'] })}

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
CREATE INDEX low_stock_state_low ON low_stock_state (tenant_id, since DESC, stock_item_id) WHERE is_low;
${tenantTable('low_stock_state', { systemRoles: ['relay'] })}

-- Items to be looked at. A row per occasion and not per item: who adds one never waits for who takes one away.
CREATE TABLE low_stock_due (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL DEFAULT uuidv7(),
  stock_item_id uuid NOT NULL,
  CONSTRAINT low_stock_due_pkey PRIMARY KEY (tenant_id, id)
);
${tenantTable('low_stock_due', { systemRoles: ['relay'] })}

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
CREATE INDEX republish_open ON republish (tenant_id, id) WHERE finished_at IS NULL;
${tenantTable('republish', { systemRoles: ['relay'] })}
`;
