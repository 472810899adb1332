import { migration, tenantTable } from '@onecount/db';

/** Counts of a location while sales go on: what was scanned, when, and what a review made of it (ADR 0086). */
export const CreateStocktake1795200000027 = migration(
  'CreateStocktake1795200000027',
  `
CREATE TABLE stocktake (
  tenant_id             uuid NOT NULL,
  id                    uuid NOT NULL DEFAULT uuidv7(),
  location_id           uuid NOT NULL,
  scope                 text NOT NULL CONSTRAINT stocktake_scope CHECK (scope IN ('LOCATION', 'CATEGORY', 'SKU_PREFIX')),
  scope_value           text,
  is_blind              boolean NOT NULL,
  note                  text,
  status                text NOT NULL DEFAULT 'COUNTING' CONSTRAINT stocktake_status CHECK (status IN
                          ('COUNTING', 'REVIEW', 'POSTED', 'CANCELLED')),
  created_by            text NOT NULL,
  created_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of the newest review; also the instant at which what nobody scanned counts as not there.
  reviewed_at           timestamptz,
  reviewed_by           text,
  ended_at              timestamptz,
  ended_by              text,
  count_missing_as_zero boolean,
  excluded_item_ids     uuid[],
  CONSTRAINT stocktake_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stocktake_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT stocktake_scope_value CHECK ((scope = 'LOCATION') = (scope_value IS NULL)),
  CONSTRAINT stocktake_ended CHECK ((status IN ('POSTED', 'CANCELLED')) = (ended_at IS NOT NULL AND ended_by IS NOT NULL)),
  CONSTRAINT stocktake_reviewed CHECK (status NOT IN ('REVIEW', 'POSTED') OR reviewed_at IS NOT NULL)
);
${tenantTable('stocktake')}

-- One delivery of scans by one device; a device that was offline sends its batch late, or twice.
CREATE TABLE stocktake_batch (
  tenant_id    uuid NOT NULL,
  id           uuid NOT NULL DEFAULT uuidv7(),
  stocktake_id uuid NOT NULL,
  device       text NOT NULL CONSTRAINT stocktake_batch_device_length CHECK (length(device) BETWEEN 1 AND 255),
  batch_key    text NOT NULL CONSTRAINT stocktake_batch_key_length CHECK (length(batch_key) BETWEEN 1 AND 255),
  content_hash text NOT NULL,
  -- What was answered: the twin of a batch gets it again.
  answer       jsonb NOT NULL,
  counted_by   text NOT NULL,
  recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stocktake_batch_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stocktake_batch_once UNIQUE (tenant_id, stocktake_id, device, batch_key),
  CONSTRAINT stocktake_batch_stocktake_fkey FOREIGN KEY (tenant_id, stocktake_id) REFERENCES stocktake (tenant_id, id)
);
${tenantTable('stocktake_batch', { appendOnly: true })}

CREATE TABLE stocktake_scan (
  tenant_id      uuid NOT NULL,
  stocktake_id   uuid NOT NULL,
  batch_id       uuid NOT NULL,
  -- Its place in the batch.
  ordinal        integer NOT NULL,
  code           text NOT NULL CONSTRAINT stocktake_scan_code_length CHECK (length(code) BETWEEN 1 AND 255),
  -- SCAN: somebody counted so many. TAG: a radio tag answered; it names one piece, however often it is heard.
  kind           text NOT NULL CONSTRAINT stocktake_scan_kind CHECK (kind IN ('SCAN', 'TAG')),
  quantity       integer NOT NULL CONSTRAINT stocktake_scan_quantity CHECK (quantity > 0 AND (kind = 'SCAN' OR quantity = 1)),
  outcome        text NOT NULL CONSTRAINT stocktake_scan_outcome CHECK (outcome IN ('COUNTED', 'UNKNOWN', 'OUT_OF_SCOPE')),
  stock_item_id  uuid,
  serial_unit_id uuid,
  scanned_at     timestamptz NOT NULL,
  CONSTRAINT stocktake_scan_pkey PRIMARY KEY (tenant_id, batch_id, ordinal),
  CONSTRAINT stocktake_scan_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES stocktake_batch (tenant_id, id),
  CONSTRAINT stocktake_scan_target CHECK ((outcome = 'UNKNOWN') = (stock_item_id IS NULL))
);
${tenantTable('stocktake_scan', { appendOnly: true })}
CREATE INDEX stocktake_scan_item ON stocktake_scan (tenant_id, stocktake_id, stock_item_id, serial_unit_id) WHERE outcome = 'COUNTED';
CREATE INDEX stocktake_scan_other ON stocktake_scan (tenant_id, stocktake_id, outcome, code) WHERE outcome <> 'COUNTED';

-- From since on the item is counted anew: what was scanned before no longer counts.
CREATE TABLE stocktake_recount (
  tenant_id     uuid NOT NULL,
  stocktake_id  uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  since         timestamptz NOT NULL,
  requested_by  text NOT NULL,
  CONSTRAINT stocktake_recount_pkey PRIMARY KEY (tenant_id, stocktake_id, stock_item_id, since),
  CONSTRAINT stocktake_recount_stocktake_fkey FOREIGN KEY (tenant_id, stocktake_id) REFERENCES stocktake (tenant_id, id),
  CONSTRAINT stocktake_recount_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id)
);
${tenantTable('stocktake_recount', { appendOnly: true })}

-- What the newest review found; written anew by each. Items and units are never deleted, and the rows come from
-- their tables, so the two foreign keys that 100,000 rows would check one by one are left out.
CREATE TABLE stocktake_line (
  tenant_id      uuid NOT NULL,
  stocktake_id   uuid NOT NULL,
  -- Becomes the id of the movement that posts it.
  id             uuid NOT NULL DEFAULT uuidv7(),
  stock_item_id  uuid NOT NULL,
  -- Null: what is counted by number.
  serial_unit_id uuid,
  sku            text NOT NULL,
  finding        text NOT NULL CONSTRAINT stocktake_line_finding CHECK (finding IN
                   ('MATCHES', 'SURPLUS', 'SHORTAGE', 'NOT_COUNTED', 'UNIT_MISSING', 'UNIT_FOUND_AGAIN', 'UNIT_UNEXPECTED')),
  counted        integer,
  expected       integer NOT NULL,
  -- What posting would change; null where nothing is to be posted.
  change         integer CONSTRAINT stocktake_line_change CHECK (change <> 0),
  needs_recount  boolean NOT NULL,
  unit_status    text,
  first_at       timestamptz NOT NULL,
  -- expected is what the ledger says of this instant.
  last_at        timestamptz NOT NULL,
  -- The level as it was read: unchanged, the line still holds.
  level_version  bigint NOT NULL,
  -- Its level moved or was held since the count began: posted last, so that who buys it waits least.
  is_selling     boolean NOT NULL,
  CONSTRAINT stocktake_line_pkey PRIMARY KEY (tenant_id, stocktake_id, id),
  CONSTRAINT stocktake_line_once UNIQUE NULLS NOT DISTINCT (tenant_id, stocktake_id, stock_item_id, serial_unit_id),
  CONSTRAINT stocktake_line_stocktake_fkey FOREIGN KEY (tenant_id, stocktake_id) REFERENCES stocktake (tenant_id, id),
  CONSTRAINT stocktake_line_not_counted CHECK ((finding = 'NOT_COUNTED') = (counted IS NULL))
);
${tenantTable('stocktake_line')}
CREATE INDEX stocktake_line_page ON stocktake_line (tenant_id, stocktake_id, sku, id);
CREATE INDEX stocktake_line_differing ON stocktake_line (tenant_id, stocktake_id, sku, id) WHERE finding <> 'MATCHES' OR needs_recount;

-- A count that is over is over: nothing of it changes, whoever asks.
CREATE FUNCTION stocktake_is_closed() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION 'a stocktake that is posted or cancelled does not change, and none is deleted'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stocktake_closed';
END $fn$;
CREATE TRIGGER stocktake_closed BEFORE UPDATE ON stocktake FOR EACH ROW
  WHEN (OLD.status IN ('POSTED', 'CANCELLED')) EXECUTE FUNCTION stocktake_is_closed();
CREATE TRIGGER stocktake_no_delete BEFORE DELETE OR TRUNCATE ON stocktake
  FOR EACH STATEMENT EXECUTE FUNCTION stocktake_is_closed();
CREATE TRIGGER stocktake_line_no_truncate BEFORE TRUNCATE ON stocktake_line
  FOR EACH STATEMENT EXECUTE FUNCTION stocktake_is_closed();

-- Once per statement, not per row: posting writes 100,000.
CREATE FUNCTION stocktake_parts_are_closed() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT c.tenant_id, c.stocktake_id FROM changed c) d
             JOIN stocktake s ON s.tenant_id = d.tenant_id AND s.id = d.stocktake_id WHERE s.status IN ('POSTED', 'CANCELLED')) THEN
    RAISE EXCEPTION 'a stocktake that is posted or cancelled does not change'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stocktake_closed';
  END IF;
  RETURN NULL;
END $fn$;
CREATE TRIGGER stocktake_line_closed_insert AFTER INSERT ON stocktake_line REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();
CREATE TRIGGER stocktake_line_closed_update AFTER UPDATE ON stocktake_line REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();
CREATE TRIGGER stocktake_line_closed_delete AFTER DELETE ON stocktake_line REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();
CREATE TRIGGER stocktake_scan_closed AFTER INSERT ON stocktake_scan REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();
CREATE TRIGGER stocktake_recount_closed AFTER INSERT ON stocktake_recount REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();
`,
);
