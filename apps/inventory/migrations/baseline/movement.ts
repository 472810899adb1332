import { tenantTable } from '@onecount/db';

/**
 * The ledger, where a correction is a new row and the database refuses every change of an old one; claims on
 * stock, one row per claimed line; and what goods cost by both methods, so that a tenant may switch (ADR 0058).
 */
export const movementTables: string = `
CREATE TABLE movement (
  tenant_id           uuid NOT NULL,
  id                  uuid NOT NULL DEFAULT uuidv7(),
  -- Drawn under the level's lock: rises in the order of each level's changes. Cursor and event sequence.
  position            bigint GENERATED ALWAYS AS IDENTITY,
  stock_item_id       uuid NOT NULL,
  location_id         uuid NOT NULL,
  serial_unit_id      uuid,
  quantity            integer NOT NULL CONSTRAINT movement_quantity CHECK (quantity <> 0),
  reason              text NOT NULL CONSTRAINT movement_reason CHECK (reason IN
                        ('OPENING', 'RECEIPT', 'SALE', 'SALE_CORRECTION', 'COUNT_CORRECTION', 'DAMAGE', 'LOSS',
                         'RETURN', 'FOUND', 'REPAIR_CONSUMPTION', 'TRANSFER', 'OTHER')),
  reference_kind      text,
  reference_id        text,
  line_id             text,
  note                text,
  actor               text NOT NULL,
  unit_cost_minor     bigint CONSTRAINT movement_unit_cost CHECK (unit_cost_minor >= 0),
  unit_cost_currency  text,
  resulting_on_hand   integer NOT NULL,
  -- Version of the level after this change: the exact order of the ledger of one level, free of clocks.
  level_version       bigint NOT NULL,
  occurred_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- occurred_at is when it happened, as its document says: a sale's movement is written some moments after its
  -- commit. recorded_at is drawn under the level's lock and rises with level_version: what was known when.
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Cost of the whole quantity: of goods received, or of goods that left (by FIFO or weighted average).
  cost_minor bigint CONSTRAINT movement_cost CHECK (cost_minor >= 0),
  cost_currency text,
  -- A partly known issue shows how much of it is known.
  cost_quantity integer CONSTRAINT movement_cost_quantity CHECK (cost_quantity BETWEEN 1 AND abs(quantity)),
  CONSTRAINT movement_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT movement_level_fkey FOREIGN KEY (tenant_id, stock_item_id, location_id)
    REFERENCES level (tenant_id, stock_item_id, location_id),
  CONSTRAINT movement_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id),
  CONSTRAINT movement_unit_quantity CHECK (serial_unit_id IS NULL OR quantity IN (1, -1)),
  CONSTRAINT movement_other_note CHECK (reason <> 'OTHER' OR length(note) > 0),
  CONSTRAINT movement_cost_currency CHECK ((unit_cost_minor IS NULL) = (unit_cost_currency IS NULL)),
  CONSTRAINT movement_cost_minor_currency CHECK ((cost_minor IS NULL) = (cost_currency IS NULL)),
  CONSTRAINT movement_cost_of CHECK ((cost_minor IS NULL) = (cost_quantity IS NULL))
);
-- A sale takes a line from a level once, whatever is delivered how often: this holds even where the
-- inbox does not reach (a restored database, a replayed topic).
CREATE UNIQUE INDEX movement_sale_once ON movement
  (tenant_id, reference_kind, reference_id, line_id, stock_item_id, location_id, serial_unit_id)
  NULLS NOT DISTINCT WHERE reason = 'SALE';
CREATE INDEX movement_item ON movement (tenant_id, stock_item_id, position);
CREATE INDEX movement_level ON movement (tenant_id, stock_item_id, location_id, level_version);
CREATE INDEX movement_unit ON movement (tenant_id, serial_unit_id, position) WHERE serial_unit_id IS NOT NULL;
CREATE INDEX movement_level_recorded ON movement (tenant_id, stock_item_id, location_id, recorded_at, level_version);
CREATE INDEX movement_after_sale ON movement (tenant_id, reference_id, stock_item_id)
  WHERE reason IN ('SALE_CORRECTION', 'RETURN') AND reference_kind = 'SALE';
CREATE INDEX movement_location_recorded ON movement (tenant_id, location_id, recorded_at) INCLUDE (quantity);
-- Cost of goods is read from the ledger of stock: what was sold, less what came back.
CREATE INDEX movement_goods_sold ON movement (tenant_id, stock_item_id, occurred_at)
  WHERE reason IN ('SALE', 'SALE_CORRECTION', 'RETURN');
-- A sale is found by its income; what is corrected or comes back later only here.
CREATE INDEX movement_came_back ON movement (tenant_id, occurred_at, stock_item_id)
  WHERE reason IN ('SALE_CORRECTION', 'RETURN');
${tenantTable('movement', { appendOnly: true })}

CREATE TABLE hold (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL DEFAULT uuidv7(),
  kind            text NOT NULL CONSTRAINT hold_kind CHECK (kind IN ('SOFT', 'HARD')),
  status          text NOT NULL DEFAULT 'LIVE' CONSTRAINT hold_status CHECK (status IN ('LIVE', 'SOLD', 'RELEASED', 'EXPIRED')),
  stock_item_id   uuid NOT NULL,
  location_id     uuid NOT NULL,
  quantity        integer NOT NULL CONSTRAINT hold_quantity CHECK (quantity > 0),
  serial_unit_id  uuid,
  expires_at      timestamptz,
  purpose         text NOT NULL,
  channel         text,
  subject         text NOT NULL,
  reference_kind  text,
  reference_id    text,
  line_id         text,
  -- A generic line of several serial units becomes one row per unit when the units are allocated.
  part            integer NOT NULL DEFAULT 0,
  idempotency_key text,
  input_hash      text,
  release_key     text,
  created_at      timestamptz NOT NULL,
  settled_at      timestamptz,
  -- The hold that this one was a part of: a part is a hold of its own.
  split_from uuid,
  -- When its unit was chosen or swapped for it: such a choice outlives what a basket's line named (ADR 0057).
  allocated_at timestamptz,
  CONSTRAINT hold_pkey PRIMARY KEY (tenant_id, id),
  -- The level in turn references item and location: one check per row instead of three.
  CONSTRAINT hold_level_fkey FOREIGN KEY (tenant_id, stock_item_id, location_id)
    REFERENCES level (tenant_id, stock_item_id, location_id),
  CONSTRAINT hold_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id),
  CONSTRAINT hold_expiry CHECK ((kind = 'SOFT') = (expires_at IS NOT NULL)),
  CONSTRAINT hold_unit_quantity CHECK (serial_unit_id IS NULL OR quantity = 1),
  CONSTRAINT hold_settled CHECK ((status = 'LIVE') = (settled_at IS NULL)),
  CONSTRAINT hold_sale_line CHECK (reference_kind IS DISTINCT FROM 'SALE' OR (reference_id IS NOT NULL AND line_id IS NOT NULL)),
  CONSTRAINT hold_allocated CHECK (allocated_at IS NULL OR serial_unit_id IS NOT NULL)
);
-- Promise I1: a unit has at most one claim, live or sold. Whatever the functions below decide, this decides last.
CREATE UNIQUE INDEX hold_one_claim_per_unit ON hold (tenant_id, serial_unit_id)
  WHERE status IN ('LIVE', 'SOLD') AND serial_unit_id IS NOT NULL;
CREATE UNIQUE INDEX hold_idempotency_key ON hold (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX hold_release_key ON hold (tenant_id, release_key) WHERE release_key IS NOT NULL;
-- The same line of a document is never held twice; also the way to all claims of a sale.
CREATE UNIQUE INDEX hold_one_claim_per_line ON hold (tenant_id, reference_kind, reference_id, line_id, part)
  WHERE status IN ('LIVE', 'SOLD') AND reference_id IS NOT NULL;
CREATE INDEX hold_live_by_level ON hold (tenant_id, stock_item_id, location_id, expires_at) WHERE status = 'LIVE';
-- For the expirer, which looks across tenants.
CREATE INDEX hold_live_by_expiry ON hold (expires_at) WHERE status = 'LIVE' AND expires_at IS NOT NULL;
-- Every claim that a unit ever had.
CREATE INDEX hold_unit ON hold (tenant_id, serial_unit_id, id) WHERE serial_unit_id IS NOT NULL;
CREATE INDEX hold_by_item ON hold (tenant_id, stock_item_id, id);
CREATE INDEX hold_by_reference ON hold (tenant_id, reference_id, id) WHERE reference_id IS NOT NULL;
-- Written when a hold ends, not when it is placed: the hot path carries no further index.
CREATE INDEX hold_settled_by_level ON hold (tenant_id, stock_item_id, location_id, settled_at) WHERE status <> 'LIVE';
${tenantTable('hold', { systemRoles: ['sweeper', 'relay'] })}

-- The fence: what became of a sale's claim. RELEASED is final, so a late claim cannot bring a sale back.
CREATE TABLE sale_claim (
  tenant_id  uuid NOT NULL,
  sale_id    uuid NOT NULL,
  status     text NOT NULL CONSTRAINT sale_claim_status CHECK (status IN ('CLAIMED', 'RELEASED', 'APPLIED')),
  answer     jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT sale_claim_pkey PRIMARY KEY (tenant_id, sale_id)
);
${tenantTable('sale_claim')}

-- Levels and units whose newest state is still to be published (ADR 0052).
CREATE TABLE level_dirty (
  tenant_id     uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id   uuid NOT NULL,
  CONSTRAINT level_dirty_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id)
);
${tenantTable('level_dirty', { systemRoles: ['relay', 'sweeper'] })}

CREATE TABLE unit_dirty (
  tenant_id      uuid NOT NULL,
  serial_unit_id uuid NOT NULL,
  CONSTRAINT unit_dirty_pkey PRIMARY KEY (tenant_id, serial_unit_id)
);
${tenantTable('unit_dirty', { systemRoles: ['relay', 'sweeper'] })}

-- One row for each item that ever had a cost. The maximum is what JSON numbers and sums of such amounts bear.
CREATE TABLE item_cost (
  tenant_id     uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  currency      text NOT NULL,
  -- Units of known cost that are in stock; never more than there are.
  quantity      bigint NOT NULL DEFAULT 0 CONSTRAINT item_cost_quantity CHECK (quantity >= 0),
  average_minor bigint NOT NULL DEFAULT 0 CONSTRAINT item_cost_max CHECK (average_minor BETWEEN 0 AND 999999999999999),
  CONSTRAINT item_cost_pkey PRIMARY KEY (tenant_id, stock_item_id),
  CONSTRAINT item_cost_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT item_cost_empty CHECK (quantity > 0 OR average_minor = 0)
) WITH (fillfactor = 50);
${tenantTable('item_cost')}

-- quantity = what has left + sold_ahead + remaining, and the same of the amounts: sold_ahead went to sales
-- made before the goods were there, whose movements were written without a cost.
-- closed_at, and not remaining = 0, is the index's condition: a change of remaining then stays on its page.
CREATE TABLE cost_layer (
  tenant_id        uuid NOT NULL,
  stock_item_id    uuid NOT NULL,
  position         bigint GENERATED ALWAYS AS IDENTITY,
  -- No foreign key: the layer is written while its movement is. Null for units put back into the pool.
  movement_id      uuid,
  received_at      timestamptz NOT NULL,
  currency         text NOT NULL,
  quantity         integer NOT NULL CONSTRAINT cost_layer_quantity CHECK (quantity > 0),
  cost_minor       bigint NOT NULL CONSTRAINT cost_layer_cost CHECK (cost_minor >= 0),
  sold_ahead       integer NOT NULL CONSTRAINT cost_layer_sold_ahead CHECK (sold_ahead BETWEEN 0 AND quantity),
  sold_ahead_minor bigint NOT NULL CONSTRAINT cost_layer_sold_ahead_minor CHECK (sold_ahead_minor BETWEEN 0 AND cost_minor),
  remaining        integer NOT NULL CONSTRAINT cost_layer_remaining CHECK (remaining BETWEEN 0 AND quantity - sold_ahead),
  remaining_minor  bigint NOT NULL CONSTRAINT cost_layer_remaining_minor CHECK (remaining_minor BETWEEN 0 AND cost_minor - sold_ahead_minor),
  closed_at        timestamptz,
  CONSTRAINT cost_layer_pkey PRIMARY KEY (tenant_id, stock_item_id, position),
  CONSTRAINT cost_layer_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT cost_layer_closed CHECK ((closed_at IS NULL) = (remaining > 0)),
  CONSTRAINT cost_layer_empty CHECK (remaining > 0 OR remaining_minor = 0)
) WITH (fillfactor = 70);
CREATE INDEX cost_layer_open ON cost_layer (tenant_id, stock_item_id, position) WHERE closed_at IS NULL;
${tenantTable('cost_layer')}

-- What is true now: a soft hold stops counting at its instant, settled or not. statement_timestamp()
-- and not clock_timestamp(): the latter is volatile and would keep the index from being used.
-- OFFSET 0 keeps the sum from being written twice into a query that reads both figures.
CREATE VIEW level_now WITH (security_invoker = true) AS
SELECT l.tenant_id, l.stock_item_id, l.location_id, l.on_hand,
       l.committed - lapsed.quantity AS committed,
       l.on_hand - l.committed + lapsed.quantity AS available,
       l.backorder_limit, l.version, l.updated_at
FROM level l
CROSS JOIN LATERAL (
  SELECT CASE WHEN l.committed = 0 THEN 0 ELSE (
    SELECT coalesce(sum(h.quantity), 0)::integer FROM hold h
    WHERE h.tenant_id = l.tenant_id AND h.stock_item_id = l.stock_item_id AND h.location_id = l.location_id
      AND h.status = 'LIVE' AND h.expires_at <= statement_timestamp()) END AS quantity
  OFFSET 0
) lapsed;

CREATE VIEW serial_unit_now WITH (security_invoker = true) AS
SELECT u.tenant_id, u.id, u.stock_item_id, u.serial, u.stock_number, u.certificate, u.attributes, u.photos,
       CASE WHEN u.status = 'HELD' AND EXISTS (
         SELECT 1 FROM hold h
         WHERE h.tenant_id = u.tenant_id AND h.serial_unit_id = u.id
           AND h.status = 'LIVE' AND h.expires_at <= statement_timestamp())
       THEN 'AVAILABLE' ELSE u.status END AS status,
       u.location_id, u.version, u.received_at, u.sale_id, u.sold_at,
       u.condition, u.cost_minor, u.cost_currency, u.is_listed, u.predecessor_id, u.has_passport
FROM serial_unit u;

DO $grant$ BEGIN
  EXECUTE format('GRANT SELECT ON level_now, serial_unit_now TO %I', current_setting('onecount.service_role'));
END $grant$;
`;
