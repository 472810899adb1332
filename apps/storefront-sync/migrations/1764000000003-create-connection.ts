import { migration, tenantTable } from '@onecount/db';

export const CreateConnection1764000000003 = migration(
  'CreateConnection1764000000003',
  `
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
`,
);
