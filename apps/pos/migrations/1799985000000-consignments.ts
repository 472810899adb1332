import { migration, tenantTable } from '@onecount/db';

/**
 * Pieces of somebody else (ADR 0375): agreements, their pieces, and what the shop owes. Where a unit is, is decided by counts in
 * its piece under a CHECK; that it is in one agreement at a time, by an index. What is owed is an account per agreement and
 * currency, and every change of it a row with the balance that it left: a payment never leaves less than nothing.
 */
export const Consignments1799985000000 = migration(
  'Consignments1799985000000',
  `
CREATE TABLE consignment_agreement (
  tenant_id          uuid NOT NULL,
  id                 uuid NOT NULL,
  owner_id           uuid NOT NULL,
  reference          text,
  currency_code      text NOT NULL,
  share_basis_points integer CONSTRAINT consignment_agreement_share_range CHECK (share_basis_points BETWEEN 0 AND 10000),
  owed_minor         bigint CONSTRAINT consignment_agreement_owed_positive CHECK (owed_minor >= 0),
  minimum_minor      bigint CONSTRAINT consignment_agreement_minimum_positive CHECK (minimum_minor >= 0),
  below_minimum      text NOT NULL CONSTRAINT consignment_agreement_below_minimum_known
    CHECK (below_minimum IN ('REFUSE', 'WARN')),
  discounts          text NOT NULL CONSTRAINT consignment_agreement_discounts_known CHECK (discounts IN ('SHARED', 'SHOP')),
  valid_from         timestamptz NOT NULL,
  valid_until        timestamptz,
  note               text,
  opened_by          text NOT NULL,
  opened_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_by           text,
  ended_at           timestamptz,
  CONSTRAINT consignment_agreement_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT consignment_agreement_owner_fkey FOREIGN KEY (tenant_id, owner_id) REFERENCES customer (tenant_id, id),
  CONSTRAINT consignment_agreement_one_term CHECK (num_nonnulls(share_basis_points, owed_minor) = 1),
  CONSTRAINT consignment_agreement_period CHECK (valid_until > valid_from),
  CONSTRAINT consignment_agreement_end_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX consignment_agreement_newest_idx ON consignment_agreement (tenant_id, opened_at DESC, id DESC);
CREATE INDEX consignment_agreement_of_owner_idx ON consignment_agreement (tenant_id, owner_id);
${tenantTable('consignment_agreement')}

CREATE TABLE consignment_piece (
  tenant_id          uuid NOT NULL,
  id                 uuid NOT NULL,
  agreement_id       uuid NOT NULL,
  stock_item_id      uuid NOT NULL,
  sku                text NOT NULL,
  title              text NOT NULL,
  serial_unit_id     uuid,
  serial             text,
  quantity           integer NOT NULL CONSTRAINT consignment_piece_quantity_positive CHECK (quantity > 0),
  sold_quantity      integer NOT NULL DEFAULT 0 CONSTRAINT consignment_piece_sold_positive CHECK (sold_quantity >= 0),
  returning_quantity integer NOT NULL DEFAULT 0
    CONSTRAINT consignment_piece_returning_positive CHECK (returning_quantity >= 0),
  returned_quantity  integer NOT NULL DEFAULT 0
    CONSTRAINT consignment_piece_returned_positive CHECK (returned_quantity >= 0),
  left_quantity      integer GENERATED ALWAYS AS (quantity - sold_quantity - returning_quantity - returned_quantity) STORED
    CONSTRAINT consignment_piece_left_positive CHECK (left_quantity >= 0),
  owed_minor         bigint CONSTRAINT consignment_piece_owed_positive CHECK (owed_minor >= 0),
  minimum_minor      bigint CONSTRAINT consignment_piece_minimum_positive CHECK (minimum_minor >= 0),
  added_by           text NOT NULL,
  added_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT consignment_piece_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT consignment_piece_agreement_fkey FOREIGN KEY (tenant_id, agreement_id)
    REFERENCES consignment_agreement (tenant_id, id),
  CONSTRAINT consignment_piece_unit_is_one CHECK (serial_unit_id IS NULL OR quantity = 1)
);
CREATE UNIQUE INDEX consignment_piece_one_agreement ON consignment_piece (tenant_id, serial_unit_id)
  WHERE serial_unit_id IS NOT NULL AND sold_quantity = 0 AND returned_quantity = 0;
CREATE INDEX consignment_piece_to_sell_idx ON consignment_piece (tenant_id, stock_item_id) WHERE left_quantity > 0;
CREATE INDEX consignment_piece_of_agreement_idx ON consignment_piece (tenant_id, agreement_id, added_at, id);
${tenantTable('consignment_piece')}

CREATE TABLE consignment_account (
  tenant_id     uuid NOT NULL,
  agreement_id  uuid NOT NULL,
  currency_code text NOT NULL,
  balance_minor bigint NOT NULL DEFAULT 0,
  entries       integer NOT NULL DEFAULT 0,
  CONSTRAINT consignment_account_pkey PRIMARY KEY (tenant_id, agreement_id, currency_code),
  CONSTRAINT consignment_account_agreement_fkey FOREIGN KEY (tenant_id, agreement_id)
    REFERENCES consignment_agreement (tenant_id, id)
);
${tenantTable('consignment_account')}

CREATE TABLE consignment_entry (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL,
  agreement_id     uuid NOT NULL,
  currency_code    text NOT NULL,
  number           integer NOT NULL,
  kind             text NOT NULL CONSTRAINT consignment_entry_kind_known CHECK (kind IN ('SOLD', 'TAKEN_BACK', 'PAID')),
  amount_minor     bigint NOT NULL,
  balance_minor    bigint NOT NULL,
  piece_id         uuid,
  sale_id          uuid,
  line_id          uuid,
  return_id        uuid,
  quantity         integer,
  paid_minor       bigint,
  is_below_minimum boolean NOT NULL DEFAULT false,
  reference        text,
  recorded_by      text NOT NULL,
  recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT consignment_entry_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT consignment_entry_number_key UNIQUE (tenant_id, agreement_id, currency_code, number),
  CONSTRAINT consignment_entry_account_fkey FOREIGN KEY (tenant_id, agreement_id, currency_code)
    REFERENCES consignment_account (tenant_id, agreement_id, currency_code),
  CONSTRAINT consignment_entry_piece_fkey FOREIGN KEY (tenant_id, piece_id) REFERENCES consignment_piece (tenant_id, id),
  CONSTRAINT consignment_entry_sign CHECK (CASE kind WHEN 'SOLD' THEN amount_minor >= 0
    WHEN 'TAKEN_BACK' THEN amount_minor <= 0 ELSE amount_minor < 0 END),
  CONSTRAINT consignment_entry_paid_of_owed CHECK (kind <> 'PAID' OR balance_minor >= 0),
  CONSTRAINT consignment_entry_paid_has_reference CHECK ((kind = 'PAID') = (reference IS NOT NULL)),
  CONSTRAINT consignment_entry_names_its_sale CHECK ((kind = 'PAID') = (num_nulls(piece_id, sale_id, line_id, quantity, paid_minor) > 0)),
  CONSTRAINT consignment_entry_names_its_return CHECK ((kind = 'TAKEN_BACK') = (return_id IS NOT NULL))
);
CREATE UNIQUE INDEX consignment_entry_sold_once ON consignment_entry (tenant_id, sale_id, line_id, piece_id) WHERE kind = 'SOLD';
CREATE UNIQUE INDEX consignment_entry_taken_back_once ON consignment_entry (tenant_id, return_id, line_id, piece_id)
  WHERE kind = 'TAKEN_BACK';
CREATE INDEX consignment_entry_of_line_idx ON consignment_entry (tenant_id, sale_id, line_id) WHERE kind <> 'PAID';
CREATE INDEX consignment_entry_by_time_idx ON consignment_entry (tenant_id, agreement_id, currency_code, recorded_at, id);
${tenantTable('consignment_entry', { appendOnly: true })}

CREATE TABLE consignment_return (
  tenant_id    uuid NOT NULL,
  id           uuid NOT NULL,
  piece_id     uuid NOT NULL,
  quantity     integer NOT NULL CONSTRAINT consignment_return_quantity_positive CHECK (quantity > 0),
  location_id  uuid,
  note         text,
  status       text NOT NULL DEFAULT 'PENDING' CONSTRAINT consignment_return_status_known
    CHECK (status IN ('PENDING', 'RETURNED', 'REFUSED')),
  refusal      text,
  settle_after timestamptz,
  attempts     integer NOT NULL DEFAULT 0,
  returned_by  text NOT NULL,
  returned_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT consignment_return_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT consignment_return_piece_fkey FOREIGN KEY (tenant_id, piece_id) REFERENCES consignment_piece (tenant_id, id),
  CONSTRAINT consignment_return_pending_is_settled CHECK ((status = 'PENDING') = (settle_after IS NOT NULL)),
  CONSTRAINT consignment_return_refusal_is_told CHECK ((status = 'REFUSED') = (refusal IS NOT NULL))
);
CREATE INDEX consignment_return_of_piece_idx ON consignment_return (tenant_id, piece_id, returned_at, id);
CREATE INDEX consignment_return_due_idx ON consignment_return (settle_after) WHERE settle_after IS NOT NULL;
${tenantTable('consignment_return', { systemRoles: ['sweeper'] })}`,
);
