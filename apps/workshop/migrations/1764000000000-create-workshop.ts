import { idempotencyTable, migration, tenantTable } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';

const tables = `
-- What a ticket must know of a unit to be opened for it; the newest version wins. Certificate, photos
-- and the rest are read through the graph from inventory, which owns them.
CREATE TABLE known_unit (
  tenant_id    uuid   NOT NULL,
  id           uuid   NOT NULL,
  version      bigint NOT NULL,
  sku          text   NOT NULL,
  serial       text,
  stock_number text,
  status       text   NOT NULL,
  CONSTRAINT known_unit_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX known_unit_by_serial ON known_unit (tenant_id, sku, serial);
CREATE INDEX known_unit_by_stock_number ON known_unit (tenant_id, sku, stock_number);
${tenantTable('known_unit')}

-- A table of its own: the sale comes from another topic and may be here before the unit is.
CREATE TABLE unit_sale (
  tenant_id      uuid        NOT NULL,
  serial_unit_id uuid        NOT NULL,
  sale_id        uuid        NOT NULL,
  sold_at        timestamptz NOT NULL,
  CONSTRAINT unit_sale_pkey PRIMARY KEY (tenant_id, serial_unit_id)
);
${tenantTable('unit_sale')}

-- One row per tenant, locked by each new ticket: numbers have no gaps, as a paper pad has none. A
-- sequence would leave one at every refusal. Opening tickets is rare enough to queue for it.
CREATE TABLE ticket_counter (
  tenant_id   uuid   NOT NULL,
  last_number bigint NOT NULL,
  CONSTRAINT ticket_counter_pkey PRIMARY KEY (tenant_id)
);
${tenantTable('ticket_counter')}

CREATE TABLE repair (
  tenant_id         uuid        NOT NULL,
  id                uuid        NOT NULL DEFAULT uuidv7(),
  version           bigint      NOT NULL DEFAULT 1,
  ticket_number     text        NOT NULL,
  kind              text        NOT NULL
    CONSTRAINT repair_kind_known CHECK (kind IN ('KNOWN_UNIT', 'CUSTOMER_PIECE')),
  serial_unit_id    uuid,
  piece_description text,
  work_requested    text        NOT NULL,
  -- Personal data: stays in this table, in no event and no log line.
  customer_name     text,
  customer_phone    text,
  stage             text        NOT NULL CONSTRAINT repair_stage_known
    CHECK (stage IN ('INTAKE', 'QUOTED', 'IN_PROGRESS', 'READY', 'COLLECTED', 'CANCELLED')),
  opened_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  opened_by         text        NOT NULL,
  stage_changed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT repair_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT repair_ticket_number_once UNIQUE (tenant_id, ticket_number),
  CONSTRAINT repair_piece_named CHECK (
    (kind = 'KNOWN_UNIT' AND serial_unit_id IS NOT NULL AND piece_description IS NULL) OR
    (kind = 'CUSTOMER_PIECE' AND serial_unit_id IS NULL AND piece_description IS NOT NULL))
);
CREATE INDEX repair_by_stage ON repair (tenant_id, stage, id);
CREATE INDEX repair_by_unit ON repair (tenant_id, serial_unit_id, id) WHERE serial_unit_id IS NOT NULL;
${tenantTable('repair')}
`;

/** The tables as they were at the first release; a function would be a file in src. */
export const CreateWorkshop1764000000000 = migration(
  'CreateWorkshop1764000000000',
  [idempotencyTable, outboxTable, inboxTables, tables].join('\n'),
);
