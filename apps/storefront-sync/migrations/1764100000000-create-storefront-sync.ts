import { idempotencyTable, migration, tenantTable } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';

const tables = `
CREATE TABLE known_product (
  tenant_id uuid   NOT NULL,
  id        uuid   NOT NULL,
  version   bigint NOT NULL,
  CONSTRAINT known_product_pkey PRIMARY KEY (tenant_id, id)
);
${tenantTable('known_product')}

-- Keyed by the SKU, which product and stock share: whichever of the two events comes first makes the
-- row, and both lock it before a listing is computed, so that the later one sees the other's part.
CREATE TABLE known_variant (
  tenant_id   uuid    NOT NULL,
  sku         text    NOT NULL,
  -- Null while only the stock is known.
  variant_id  uuid,
  product_id  uuid,
  title       text    NOT NULL DEFAULT '',
  is_tracked  boolean NOT NULL DEFAULT true,
  is_sellable boolean NOT NULL DEFAULT false,
  has_photo   boolean NOT NULL DEFAULT false,
  CONSTRAINT known_variant_pkey PRIMARY KEY (tenant_id, sku)
);
CREATE INDEX known_variant_by_product ON known_variant (tenant_id, product_id);
${tenantTable('known_variant')}

CREATE TABLE known_level (
  tenant_id     uuid   NOT NULL,
  stock_item_id uuid   NOT NULL,
  location_id   uuid   NOT NULL,
  sku           text   NOT NULL,
  location_code text   NOT NULL,
  available     bigint NOT NULL,
  version       bigint NOT NULL,
  CONSTRAINT known_level_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id)
);
CREATE INDEX known_level_by_sku ON known_level (tenant_id, sku);
${tenantTable('known_level')}

CREATE TABLE connection (
  tenant_id      uuid        NOT NULL,
  id             uuid        NOT NULL DEFAULT uuidv7(),
  name           text        NOT NULL,
  kind           text        NOT NULL
    CONSTRAINT connection_kind_known CHECK (kind IN ('WEBHOOK')),
  webhook_url    text        NOT NULL,
  -- Needed in clear to sign. In no event, log line or query; see docs/adr/0024.
  webhook_secret text        NOT NULL,
  location_codes text[],
  requires_photo boolean     NOT NULL DEFAULT false,
  status         text        NOT NULL DEFAULT 'ACTIVE'
    CONSTRAINT connection_status_known CHECK (status IN ('ACTIVE', 'PAUSED', 'SUSPENDED')),
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The endpoint as a whole: since when it fails, how often in a row, and when it may be asked again.
  failing_since  timestamptz,
  failures       integer     NOT NULL DEFAULT 0,
  retry_at       timestamptz,
  last_error     text,
  CONSTRAINT connection_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT connection_name_once UNIQUE (tenant_id, name)
);
${tenantTable('connection', { systemRoles: ['sweeper'] })}

CREATE TABLE listing (
  tenant_id         uuid        NOT NULL,
  id                uuid        NOT NULL DEFAULT uuidv7(),
  connection_id     uuid        NOT NULL,
  variant_id        uuid        NOT NULL,
  product_id        uuid        NOT NULL,
  sku               text        NOT NULL,
  title             text        NOT NULL,
  is_tracked        boolean     NOT NULL,
  is_listed         boolean     NOT NULL,
  available         bigint      NOT NULL
    CONSTRAINT listing_available_not_negative CHECK (available >= 0),
  -- What the shop should show, and the newest version of it that the shop has acknowledged. Only the
  -- newest is ever sent: versions in between are never delivered late.
  version           bigint      NOT NULL DEFAULT 1,
  delivered_version bigint      NOT NULL DEFAULT 0,
  delivered_at      timestamptz,
  attempts          integer     NOT NULL DEFAULT 0,
  next_attempt_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_error        text,
  -- Who is sending it now, and until when nobody else may.
  lease_id          uuid,
  leased_until      timestamptz,
  CONSTRAINT listing_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT listing_once UNIQUE (tenant_id, connection_id, variant_id),
  CONSTRAINT listing_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection,
  CONSTRAINT listing_delivered_not_ahead CHECK (delivered_version <= version)
);
CREATE INDEX listing_by_variant ON listing (tenant_id, variant_id);
CREATE INDEX listing_due ON listing (next_attempt_at) WHERE delivered_version < version;
${tenantTable('listing', { systemRoles: ['sweeper'] })}
`;

/** The tables as they were at the first release; a function would be a file in src. */
export const CreateStorefrontSync1764100000000 = migration(
  'CreateStorefrontSync1764100000000',
  [idempotencyTable, outboxTable, inboxTables, tables].join('\n'),
);
