import { tenantTable } from '@onecount/db';

/**
 * What people count and move by: receipts, transfers (a draft holds goods at the source; dispatched they are in no
 * level at all), conversions, stocktakes. The count itself is in the movements that refer to them.
 */
export const documentsTables: string = `
CREATE TABLE stock_receipt (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL DEFAULT uuidv7(),
  status          text NOT NULL CONSTRAINT stock_receipt_status CHECK (status IN
                    ('EXPECTED', 'PARTIAL', 'RECEIVED', 'CLOSED', 'CANCELLED')),
  supplier        text NOT NULL CONSTRAINT stock_receipt_supplier_length CHECK (length(supplier) BETWEEN 1 AND 255),
  document_number text CONSTRAINT stock_receipt_number_length CHECK (length(document_number) BETWEEN 1 AND 255),
  location_id     uuid NOT NULL,
  note            text CONSTRAINT stock_receipt_note_length CHECK (length(note) <= 1000),
  created_by      text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_by       text,
  closed_at       timestamptz,
  CONSTRAINT stock_receipt_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_receipt_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT stock_receipt_closed CHECK ((status IN ('CLOSED', 'CANCELLED')) = (closed_at IS NOT NULL))
);
-- The same delivery note is not booked twice; one that was cancelled may be entered again. Names are typed by
-- hand, so case does not make another supplier.
CREATE UNIQUE INDEX stock_receipt_document ON stock_receipt (tenant_id, lower(supplier), lower(document_number))
  WHERE document_number IS NOT NULL AND status <> 'CANCELLED';
CREATE INDEX stock_receipt_by_status ON stock_receipt (tenant_id, status, id);
CREATE INDEX stock_receipt_by_location ON stock_receipt (tenant_id, location_id, id);
${tenantTable('stock_receipt')}

CREATE TABLE stock_receipt_line (
  tenant_id          uuid NOT NULL,
  stock_receipt_id   uuid NOT NULL,
  line               integer NOT NULL,
  stock_item_id      uuid NOT NULL,
  expected           integer NOT NULL CONSTRAINT stock_receipt_line_expected CHECK (expected > 0),
  received           integer NOT NULL DEFAULT 0 CONSTRAINT stock_receipt_line_received CHECK (received >= 0),
  unit_cost_minor    bigint CONSTRAINT stock_receipt_line_cost CHECK (unit_cost_minor >= 0),
  unit_cost_currency text,
  CONSTRAINT stock_receipt_line_pkey PRIMARY KEY (tenant_id, stock_receipt_id, line),
  CONSTRAINT stock_receipt_line_item_once UNIQUE (tenant_id, stock_receipt_id, stock_item_id),
  CONSTRAINT stock_receipt_line_receipt_fkey FOREIGN KEY (tenant_id, stock_receipt_id) REFERENCES stock_receipt (tenant_id, id),
  CONSTRAINT stock_receipt_line_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT stock_receipt_line_cost_currency CHECK ((unit_cost_minor IS NULL) = (unit_cost_currency IS NULL))
);
CREATE INDEX stock_receipt_line_item ON stock_receipt_line (tenant_id, stock_item_id);
${tenantTable('stock_receipt_line')}

CREATE TABLE transfer (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL DEFAULT uuidv7(),
  status           text NOT NULL DEFAULT 'DRAFT' CONSTRAINT transfer_status CHECK (status IN
                     ('DRAFT', 'DISPATCHED', 'PARTIALLY_RECEIVED', 'RECEIVED', 'CLOSED', 'CANCELLED')),
  from_location_id uuid NOT NULL,
  to_location_id   uuid NOT NULL,
  note             text CONSTRAINT transfer_note_length CHECK (length(note) <= 1000),
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  dispatched_by    text,
  dispatched_at    timestamptz,
  ended_by         text,
  ended_at         timestamptz,
  CONSTRAINT transfer_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_from_fkey FOREIGN KEY (tenant_id, from_location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT transfer_to_fkey FOREIGN KEY (tenant_id, to_location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT transfer_two_places CHECK (from_location_id <> to_location_id),
  -- A draft that was cancelled never left; whatever else is no draft did.
  CONSTRAINT transfer_dispatched CHECK (CASE status WHEN 'DRAFT' THEN dispatched_at IS NULL
    WHEN 'CANCELLED' THEN true ELSE dispatched_at IS NOT NULL END),
  CONSTRAINT transfer_ended CHECK ((status IN ('RECEIVED', 'CLOSED', 'CANCELLED')) = (ended_at IS NOT NULL))
);
CREATE INDEX transfer_by_status ON transfer (tenant_id, status, id);
CREATE INDEX transfer_by_source ON transfer (tenant_id, from_location_id, id);
CREATE INDEX transfer_by_destination ON transfer (tenant_id, to_location_id, id);
${tenantTable('transfer')}

-- What is on its way is dispatched − received − returned − missing: it is in no level and in no other place.
CREATE TABLE transfer_line (
  tenant_id      uuid NOT NULL,
  id             uuid NOT NULL DEFAULT uuidv7(),
  transfer_id    uuid NOT NULL,
  stock_item_id  uuid NOT NULL,
  serial_unit_id uuid,
  quantity       integer NOT NULL CONSTRAINT transfer_line_quantity CHECK (quantity BETWEEN 1 AND 1000000),
  dispatched     integer NOT NULL DEFAULT 0,
  received       integer NOT NULL DEFAULT 0,
  returned       integer NOT NULL DEFAULT 0,
  missing        integer NOT NULL DEFAULT 0,
  CONSTRAINT transfer_line_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_line_transfer_fkey FOREIGN KEY (tenant_id, transfer_id) REFERENCES transfer (tenant_id, id),
  CONSTRAINT transfer_line_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT transfer_line_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id),
  CONSTRAINT transfer_line_unit_quantity CHECK (serial_unit_id IS NULL OR quantity = 1),
  CONSTRAINT transfer_line_dispatched CHECK (dispatched IN (0, quantity)),
  -- Nothing arrives, comes back and is missed more often than it left.
  CONSTRAINT transfer_line_balance CHECK (least(received, returned, missing) >= 0
    AND received + returned + missing <= dispatched)
);
CREATE UNIQUE INDEX transfer_line_item_once ON transfer_line (tenant_id, transfer_id, stock_item_id) WHERE serial_unit_id IS NULL;
CREATE UNIQUE INDEX transfer_line_unit_once ON transfer_line (tenant_id, transfer_id, serial_unit_id) WHERE serial_unit_id IS NOT NULL;
CREATE INDEX transfer_line_page ON transfer_line (tenant_id, transfer_id, id);
CREATE INDEX transfer_line_in_transit ON transfer_line (tenant_id, stock_item_id) INCLUDE (dispatched, received, returned, missing)
  WHERE dispatched > received + returned + missing;
${tenantTable('transfer_line')}

-- What did not arrive, as somebody declared it when the transfer was closed or cancelled.
CREATE TABLE transfer_difference (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL DEFAULT uuidv7(),
  transfer_line_id uuid NOT NULL,
  outcome          text NOT NULL CONSTRAINT transfer_difference_outcome CHECK (outcome IN ('MISSING', 'RETURNED')),
  quantity         integer NOT NULL CONSTRAINT transfer_difference_quantity CHECK (quantity > 0),
  reason           text NOT NULL CONSTRAINT transfer_difference_reason CHECK (reason IN
                     ('LOSS', 'DAMAGE', 'COUNT_CORRECTION', 'CANCELLED', 'OTHER')),
  note             text,
  -- What the missing ones cost, and of how many of them that is known: they left at dispatch without a cost (ADR 0058).
  cost_minor       bigint CONSTRAINT transfer_difference_cost CHECK (cost_minor >= 0),
  cost_currency    text,
  cost_quantity    integer,
  actor            text NOT NULL,
  occurred_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT transfer_difference_cost_of CHECK (num_nulls(cost_minor, cost_currency, cost_quantity) IN (0, 3)),
  CONSTRAINT transfer_difference_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_difference_line_fkey FOREIGN KEY (tenant_id, transfer_line_id) REFERENCES transfer_line (tenant_id, id),
  CONSTRAINT transfer_difference_note CHECK (reason <> 'OTHER' OR length(note) > 0)
);
CREATE INDEX transfer_difference_line ON transfer_difference (tenant_id, transfer_line_id, id);
${tenantTable('transfer_difference', { appendOnly: true })}

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
CREATE INDEX stock_item_conversion_item ON stock_item_conversion (tenant_id, stock_item_id, id);
${tenantTable('stock_item_conversion', { appendOnly: true })}

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
CREATE INDEX stocktake_scan_item ON stocktake_scan (tenant_id, stocktake_id, stock_item_id, serial_unit_id) WHERE outcome = 'COUNTED';
CREATE INDEX stocktake_scan_other ON stocktake_scan (tenant_id, stocktake_id, outcome, code) WHERE outcome <> 'COUNTED';
${tenantTable('stocktake_scan', { appendOnly: true })}

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
CREATE INDEX stocktake_line_page ON stocktake_line (tenant_id, stocktake_id, sku, id);
CREATE INDEX stocktake_line_differing ON stocktake_line (tenant_id, stocktake_id, sku, id) WHERE finding <> 'MATCHES' OR needs_recount;
${tenantTable('stocktake_line')}
`;
