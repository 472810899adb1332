import { migration, tenantTable } from '@onecount/db';

/** Claims on stock: one row per claimed line, generic or of one named unit. */
export const CreateHold1795200000003 = migration(
  'CreateHold1795200000003',
  `
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
  CONSTRAINT hold_pkey PRIMARY KEY (tenant_id, id),
  -- The level in turn references item and location: one check per row instead of three.
  CONSTRAINT hold_level_fkey FOREIGN KEY (tenant_id, stock_item_id, location_id)
    REFERENCES level (tenant_id, stock_item_id, location_id),
  CONSTRAINT hold_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id),
  CONSTRAINT hold_expiry CHECK ((kind = 'SOFT') = (expires_at IS NOT NULL)),
  CONSTRAINT hold_unit_quantity CHECK (serial_unit_id IS NULL OR quantity = 1),
  CONSTRAINT hold_settled CHECK ((status = 'LIVE') = (settled_at IS NULL)),
  CONSTRAINT hold_sale_line CHECK (reference_kind IS DISTINCT FROM 'SALE' OR (reference_id IS NOT NULL AND line_id IS NOT NULL))
);
${tenantTable('hold', { systemRoles: ['sweeper', 'relay'] })}

-- Promise I1: a unit has at most one claim, live or sold. Whatever the functions below decide, this decides last.
CREATE UNIQUE INDEX hold_one_claim_per_unit ON hold (tenant_id, serial_unit_id)
  WHERE status IN ('LIVE', 'SOLD') AND serial_unit_id IS NOT NULL;
CREATE UNIQUE INDEX hold_idempotency_key ON hold (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX hold_release_key ON hold (tenant_id, release_key) WHERE release_key IS NOT NULL;
-- The same line of a document is never held twice; also the way to all claims of a sale.
CREATE UNIQUE INDEX hold_one_claim_per_line ON hold (tenant_id, reference_kind, reference_id, line_id, part)
  WHERE status IN ('LIVE', 'SOLD') AND reference_id IS NOT NULL;
CREATE INDEX hold_live_by_level ON hold (tenant_id, stock_item_id, location_id, expires_at) WHERE status = 'LIVE';
-- For the tidier, which looks across tenants.
CREATE INDEX hold_live_by_expiry ON hold (expires_at) WHERE status = 'LIVE' AND expires_at IS NOT NULL;

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

-- What is true now: a soft hold stops counting at its instant, settled or not. statement_timestamp()
-- and not clock_timestamp(): the latter is volatile and would keep the index from being used.
CREATE VIEW level_now WITH (security_invoker = true) AS
SELECT l.tenant_id, l.stock_item_id, l.location_id, l.on_hand,
       l.committed - coalesce(lapsed.quantity, 0)::integer AS committed,
       l.on_hand - l.committed + coalesce(lapsed.quantity, 0)::integer AS available,
       l.backorder_limit, l.version, l.updated_at
FROM level l
LEFT JOIN LATERAL (
  SELECT sum(h.quantity) AS quantity FROM hold h
  WHERE h.tenant_id = l.tenant_id AND h.stock_item_id = l.stock_item_id AND h.location_id = l.location_id
    AND h.status = 'LIVE' AND h.expires_at <= statement_timestamp()
) lapsed ON true;

CREATE VIEW serial_unit_now WITH (security_invoker = true) AS
SELECT u.tenant_id, u.id, u.stock_item_id, u.serial, u.stock_number, u.certificate, u.attributes, u.photos,
       CASE WHEN u.status = 'HELD' AND EXISTS (
         SELECT 1 FROM hold h
         WHERE h.tenant_id = u.tenant_id AND h.serial_unit_id = u.id
           AND h.status = 'LIVE' AND h.expires_at <= statement_timestamp())
       THEN 'AVAILABLE' ELSE u.status END AS status,
       u.location_id, u.version, u.received_at, u.sale_id, u.sold_at
FROM serial_unit u;

DO $grant$ BEGIN
  EXECUTE format('GRANT SELECT ON level_now, serial_unit_now TO %I', current_setting('onecount.service_role'));
END $grant$;
`,
);
