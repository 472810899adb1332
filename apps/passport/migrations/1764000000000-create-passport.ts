import { idempotencyTable, migration, tenantTable } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';

const tables = `
-- Read copies of what inventory and catalog publish: a passport is issued without asking anybody. The
-- newest version wins, whatever order the events come in.
CREATE TABLE known_unit (
  tenant_id    uuid        NOT NULL,
  id           uuid        NOT NULL,
  version      bigint      NOT NULL,
  variant_id   uuid,
  sku          text        NOT NULL,
  serial       text,
  stock_number text,
  status       text        NOT NULL,
  certificate  jsonb,
  attributes   jsonb       NOT NULL,
  photos       jsonb       NOT NULL,
  received_at  timestamptz NOT NULL,
  CONSTRAINT known_unit_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX known_unit_by_serial ON known_unit (tenant_id, sku, serial);
CREATE INDEX known_unit_by_stock_number ON known_unit (tenant_id, sku, stock_number);
${tenantTable('known_unit')}

CREATE TABLE known_product (
  tenant_id    uuid   NOT NULL,
  id           uuid   NOT NULL,
  version      bigint NOT NULL,
  title        text   NOT NULL,
  vendor       text,
  category     text,
  product_type text,
  CONSTRAINT known_product_pkey PRIMARY KEY (tenant_id, id)
);
${tenantTable('known_product')}

CREATE TABLE known_variant (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  product_id uuid NOT NULL,
  full_title text NOT NULL,
  barcode    text,
  CONSTRAINT known_variant_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX known_variant_by_product ON known_variant (tenant_id, product_id);
${tenantTable('known_variant')}

CREATE TABLE passport (
  tenant_id      uuid        NOT NULL,
  -- Version 4, not 7: whoever holds the id reads the page, so it must not be guessable from another one.
  id             uuid        NOT NULL,
  serial_unit_id uuid        NOT NULL,
  version        bigint      NOT NULL DEFAULT 1,
  status         text        NOT NULL CONSTRAINT passport_status_known CHECK (status IN ('ACTIVE', 'REVOKED')),
  -- The signed credential as it was issued (compact JWS); the facts are read from it and from nowhere else.
  credential     text        NOT NULL,
  issued_at      timestamptz NOT NULL,
  issued_by      text        NOT NULL,
  CONSTRAINT passport_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX passport_one_active_per_unit ON passport (tenant_id, serial_unit_id)
  WHERE status = 'ACTIVE';
-- For the public page, which knows no tenant.
CREATE INDEX passport_public_lookup ON passport (id);
${tenantTable('passport', { systemRoles: ['public-page'] })}

-- What happened to a unit. Kept per unit and not per passport: a sale before the passport was issued
-- belongs to the history all the same. Neither price nor buyer nor owner is known here.
CREATE TABLE lifecycle_record (
  tenant_id      uuid        NOT NULL,
  id             uuid        NOT NULL DEFAULT uuidv7(),
  serial_unit_id uuid        NOT NULL,
  kind           text        NOT NULL
    CONSTRAINT lifecycle_record_kind_known CHECK (kind IN ('RECEIVED', 'PASSPORT_ISSUED', 'SOLD')),
  occurred_at    timestamptz NOT NULL,
  reference_id   uuid        NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT lifecycle_record_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT lifecycle_record_once UNIQUE (tenant_id, serial_unit_id, kind, reference_id)
);
CREATE INDEX lifecycle_record_by_time ON lifecycle_record (tenant_id, serial_unit_id, occurred_at, id);
${tenantTable('lifecycle_record', { systemRoles: ['public-page'], appendOnly: true })}
`;

/** The tables as they were at the first release; a function would be a file in src. */
export const CreatePassport1764000000000 = migration(
  'CreatePassport1764000000000',
  [idempotencyTable, outboxTable, inboxTables, tables].join('\n'),
);
