import { idempotencyTable, migration, tenantTable } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';

const registers = `
-- What inventory told us about its locations, asked once per location.
CREATE TABLE known_location (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  code       text NOT NULL,
  name       text NOT NULL,
  learned_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT known_location_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT known_location_code_key UNIQUE (tenant_id, code)
);
${tenantTable('known_location')}

CREATE TABLE register (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  location_id   uuid NOT NULL,
  location_code text NOT NULL,
  name          text NOT NULL CONSTRAINT register_name_length CHECK (length(name) BETWEEN 1 AND 60),
  created_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT register_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT register_name_key UNIQUE (tenant_id, location_id, name)
);
CREATE INDEX register_by_code_idx ON register (tenant_id, location_code, name, id);
${tenantTable('register')}

CREATE TABLE shift (
  tenant_id           uuid NOT NULL,
  id                  uuid NOT NULL,
  register_id         uuid NOT NULL,
  opened_at           timestamptz NOT NULL DEFAULT now(),
  opened_by           text NOT NULL,
  currency_code       text,
  opening_float_minor bigint CONSTRAINT shift_float_positive CHECK (opening_float_minor >= 0),
  closed_at           timestamptz,
  closed_by           text,
  counted_minor       bigint CONSTRAINT shift_counted_positive CHECK (counted_minor >= 0),
  expected_minor      bigint,
  CONSTRAINT shift_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT shift_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
  CONSTRAINT shift_closed_whole CHECK (
    (closed_at IS NULL) = (counted_minor IS NULL) AND (closed_at IS NULL) = (expected_minor IS NULL)),
  CONSTRAINT shift_amounts_have_currency CHECK (
    currency_code IS NOT NULL OR (opening_float_minor IS NULL AND counted_minor IS NULL))
);
-- Two cashiers who open the same till in the same instant: one of them meets this.
CREATE UNIQUE INDEX shift_one_open_per_register ON shift (tenant_id, register_id) WHERE closed_at IS NULL;
${tenantTable('shift')}
`;

const sales = `
CREATE TABLE sale (
  tenant_id            uuid NOT NULL,
  id                   uuid NOT NULL,
  channel              text NOT NULL,
  external_id          text,
  status               text NOT NULL DEFAULT 'OPEN',
  version              integer NOT NULL DEFAULT 1,
  register_id          uuid,
  shift_id             uuid,
  location_id          uuid,
  location_code        text,
  currency_code        text NOT NULL,
  total_minor          bigint NOT NULL DEFAULT 0,
  change_minor         bigint NOT NULL DEFAULT 0,
  opened_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  opened_by            text NOT NULL,
  commit_key           text,
  pending_at           timestamptz,
  receipt_number       text,
  committed_at         timestamptz,
  voided_at            timestamptz,
  void_reason          text,
  refusal_reasons      jsonb,
  release_confirmed_at timestamptz,
  -- When the sweeper may look at this sale; null when nothing is left to do. One column answers
  -- "what is unfinished", spaces the attempts out and is the lease between replicas.
  settle_after         timestamptz,
  settle_attempts      integer NOT NULL DEFAULT 0,
  CONSTRAINT sale_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT sale_external_id_key UNIQUE (tenant_id, channel, external_id),
  CONSTRAINT sale_receipt_number_key UNIQUE (tenant_id, receipt_number),
  CONSTRAINT sale_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
  CONSTRAINT sale_status_known CHECK (status IN ('OPEN', 'PENDING', 'COMMITTED', 'VOIDED')),
  CONSTRAINT sale_channel_known
    CHECK (channel IN ('COUNTER', 'WEB', 'PHONE', 'SHOPIFY', 'WOOCOMMERCE', 'OTHER')),
  CONSTRAINT sale_counter_has_register CHECK ((channel = 'COUNTER') = (register_id IS NOT NULL)),
  CONSTRAINT sale_amounts_positive CHECK (total_minor >= 0 AND change_minor >= 0),
  -- amountMinorMax of libs/money: checked before a line is held; this meets lines that are added at once.
  CONSTRAINT sale_total_is_an_amount CHECK (total_minor <= 999999999999999),
  CONSTRAINT sale_committed_whole CHECK (
    (status = 'COMMITTED') = (receipt_number IS NOT NULL)
    AND (status = 'COMMITTED') = (committed_at IS NOT NULL)),
  CONSTRAINT sale_voided_whole CHECK (
    (status = 'VOIDED') = (voided_at IS NOT NULL) AND (status = 'VOIDED') = (void_reason IS NOT NULL)),
  -- No half sale is forgotten (I3): whatever is unfinished is in the sweeper's sight.
  CONSTRAINT sale_pending_is_swept CHECK (status <> 'PENDING' OR settle_after IS NOT NULL),
  CONSTRAINT sale_release_is_swept CHECK (
    status <> 'VOIDED' OR release_confirmed_at IS NOT NULL OR settle_after IS NOT NULL)
);
CREATE INDEX sale_unsettled_idx ON sale (settle_after) WHERE settle_after IS NOT NULL;
CREATE INDEX sale_newest_idx ON sale (tenant_id, opened_at DESC, id DESC);
CREATE INDEX sale_by_shift_idx ON sale (tenant_id, shift_id) WHERE shift_id IS NOT NULL;
${tenantTable('sale', { systemRoles: ['sweeper'] })}

CREATE TABLE sale_line (
  tenant_id        uuid NOT NULL,
  sale_id          uuid NOT NULL,
  id               uuid NOT NULL,
  position         integer NOT NULL,
  -- Null from the intent to the claim of a sale that came without a basket.
  stock_item_id    uuid,
  variant_id       uuid,
  sku              text NOT NULL,
  title            text NOT NULL,
  tracking         text NOT NULL,
  serial_unit_id   uuid,
  serial           text,
  location_id      uuid,
  quantity         integer NOT NULL,
  unit_price_minor bigint NOT NULL,
  hold_id          uuid,
  held_until       timestamptz,
  CONSTRAINT sale_line_pkey PRIMARY KEY (tenant_id, sale_id, id),
  CONSTRAINT sale_line_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT sale_line_tracking_known CHECK (tracking IN ('NONE', 'QUANTITY', 'SERIAL')),
  CONSTRAINT sale_line_quantity_range CHECK (quantity BETWEEN 1 AND 9999),
  CONSTRAINT sale_line_unit_is_one CHECK (serial_unit_id IS NULL OR quantity = 1),
  CONSTRAINT sale_line_price_positive CHECK (unit_price_minor >= 0)
);
CREATE INDEX sale_line_by_unit_idx ON sale_line (tenant_id, serial_unit_id)
  WHERE serial_unit_id IS NOT NULL;
${tenantTable('sale_line')}

CREATE TABLE sale_tender (
  tenant_id    uuid NOT NULL,
  sale_id      uuid NOT NULL,
  position     integer NOT NULL,
  kind         text NOT NULL,
  amount_minor bigint NOT NULL,
  reference    text,
  CONSTRAINT sale_tender_pkey PRIMARY KEY (tenant_id, sale_id, position),
  CONSTRAINT sale_tender_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT sale_tender_kind_known CHECK (kind IN ('CASH', 'CARD')),
  CONSTRAINT sale_tender_positive CHECK (amount_minor > 0)
);
${tenantTable('sale_tender')}

-- One row per printed prefix (location code, or channel where there is no location). A counter row and
-- no PostgreSQL sequence: a sequence leaves a gap for every rollback. The price is that commits of one
-- prefix queue behind each other for the length of one statement and its flush.
CREATE TABLE receipt_series (
  tenant_id   uuid NOT NULL,
  prefix      text NOT NULL,
  last_number bigint NOT NULL,
  CONSTRAINT receipt_series_pkey PRIMARY KEY (tenant_id, prefix)
);
${tenantTable('receipt_series')}
`;

const prices = `
-- The newest version seen of each product: an older event, redelivered or reordered, changes nothing,
-- also when it names a variant that a newer one removed.
CREATE TABLE price_book_product (
  tenant_id  uuid NOT NULL,
  product_id uuid NOT NULL,
  version    integer NOT NULL,
  CONSTRAINT price_book_product_pkey PRIMARY KEY (tenant_id, product_id)
);
${tenantTable('price_book_product')}

-- Keyed by variant, not by SKU: a SKU may move from one variant to another, and the two products'
-- events come in any order.
CREATE TABLE price_book (
  tenant_id     uuid NOT NULL,
  variant_id    uuid NOT NULL,
  product_id    uuid NOT NULL,
  sku           text NOT NULL,
  title         text NOT NULL,
  status        text NOT NULL,
  is_active     boolean NOT NULL,
  tracking      text NOT NULL,
  price_minor   bigint,
  currency_code text,
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT price_book_pkey PRIMARY KEY (tenant_id, variant_id),
  CONSTRAINT price_book_price_has_currency CHECK ((price_minor IS NULL) = (currency_code IS NULL))
);
CREATE INDEX price_book_by_sku_idx ON price_book (tenant_id, sku);
CREATE INDEX price_book_by_product_idx ON price_book (tenant_id, product_id);
${tenantTable('price_book')}
`;

/** The tables as they were at the first release; what they need of functions is in src, one file each. */
export const CreatePos1763800600000 = migration(
  'CreatePos1763800600000',
  [idempotencyTable, outboxTable, inboxTables, registers, sales, prices].join('\n'),
);
