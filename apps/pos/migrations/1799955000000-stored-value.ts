import { migration, tenantTable } from '@onecount/db';

/**
 * Gift cards and store credits: money that the shop owes (ADR 0356). The balance is a row under a CHECK, changed by deltas;
 * the ledger beside it has an entry for each change, numbered without gaps, so that neither can be without the other.
 */
export const StoredValue1799955000000 = migration(
  'StoredValue1799955000000',
  `
CREATE TABLE stored_value (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  kind          text NOT NULL CONSTRAINT stored_value_kind_known CHECK (kind IN ('GIFT_CARD', 'STORE_CREDIT')),
  currency_code text NOT NULL,
  number        text NOT NULL,
  code_hash     bytea CONSTRAINT stored_value_code_is_a_hash CHECK (length(code_hash) = 32),
  customer_id   uuid,
  balance_minor bigint NOT NULL DEFAULT 0 CONSTRAINT stored_value_never_below_zero CHECK (balance_minor >= 0),
  entries       integer NOT NULL DEFAULT 0,
  active_at     timestamptz,
  expires_at    timestamptz,
  blocked_at    timestamptz,
  block_reason  text,
  replaced_by   uuid,
  issued_by     text NOT NULL,
  issued_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stored_value_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stored_value_code_key UNIQUE (tenant_id, code_hash),
  CONSTRAINT stored_value_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  CONSTRAINT stored_value_replaced_fkey FOREIGN KEY (tenant_id, replaced_by) REFERENCES stored_value (tenant_id, id),
  CONSTRAINT stored_value_card_has_code CHECK ((kind = 'GIFT_CARD') = (code_hash IS NOT NULL)),
  CONSTRAINT stored_value_credit_has_customer CHECK ((kind = 'STORE_CREDIT') = (customer_id IS NOT NULL)),
  CONSTRAINT stored_value_block_whole CHECK ((blocked_at IS NULL) = (block_reason IS NULL)),
  CONSTRAINT stored_value_nothing_before_sale CHECK (active_at IS NOT NULL OR balance_minor = 0)
);
CREATE UNIQUE INDEX stored_value_one_credit ON stored_value (tenant_id, customer_id, currency_code) WHERE customer_id IS NOT NULL;
CREATE UNIQUE INDEX stored_value_credit_number_key ON stored_value (tenant_id, number) WHERE kind = 'STORE_CREDIT';
CREATE INDEX stored_value_newest_idx ON stored_value (tenant_id, issued_at DESC, id DESC);
${tenantTable('stored_value')}

CREATE TABLE stored_value_entry (
  tenant_id       uuid NOT NULL,
  stored_value_id uuid NOT NULL,
  number          integer NOT NULL CONSTRAINT stored_value_entry_number_positive CHECK (number > 0),
  previous_number integer GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
  kind            text NOT NULL CONSTRAINT stored_value_entry_kind_known CHECK (kind IN
    ('SOLD', 'ISSUED', 'SPENT', 'GIVEN_BACK', 'REFUNDED', 'TAKEN_BACK', 'TRANSFERRED')),
  amount_minor    bigint NOT NULL CONSTRAINT stored_value_entry_moves_something CHECK (amount_minor <> 0),
  balance_minor   bigint NOT NULL CONSTRAINT stored_value_entry_never_below_zero CHECK (balance_minor >= 0),
  sale_id         uuid,
  tender_position integer,
  line_id         uuid,
  return_id       uuid,
  other_id        uuid,
  reason          text,
  recorded_by     text,
  recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stored_value_entry_pkey PRIMARY KEY (tenant_id, stored_value_id, number),
  CONSTRAINT stored_value_entry_gapless FOREIGN KEY (tenant_id, stored_value_id, previous_number)
    REFERENCES stored_value_entry (tenant_id, stored_value_id, number),
  CONSTRAINT stored_value_entry_of_fkey FOREIGN KEY (tenant_id, stored_value_id) REFERENCES stored_value (tenant_id, id),
  CONSTRAINT stored_value_entry_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT stored_value_entry_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return (tenant_id, id),
  CONSTRAINT stored_value_entry_once_per_tender UNIQUE (tenant_id, sale_id, tender_position, kind),
  CONSTRAINT stored_value_entry_once_per_line UNIQUE (tenant_id, sale_id, line_id, kind),
  CONSTRAINT stored_value_entry_is_explained CHECK (
    CASE kind WHEN 'SPENT' THEN tender_position IS NOT NULL AND amount_minor < 0
              WHEN 'GIVEN_BACK' THEN tender_position IS NOT NULL AND amount_minor > 0
              WHEN 'SOLD' THEN line_id IS NOT NULL AND amount_minor > 0
              WHEN 'TAKEN_BACK' THEN line_id IS NOT NULL AND return_id IS NOT NULL AND amount_minor < 0
              WHEN 'REFUNDED' THEN return_id IS NOT NULL AND amount_minor > 0
              WHEN 'TRANSFERRED' THEN other_id IS NOT NULL AND reason IS NOT NULL
              ELSE reason IS NOT NULL AND amount_minor > 0 END)
);
${tenantTable('stored_value_entry', { appendOnly: true })}

-- In force is the newest; null means that nothing expires.
CREATE TABLE stored_value_setting (
  tenant_id           uuid NOT NULL,
  id                  uuid NOT NULL,
  gift_card_months    integer CONSTRAINT stored_value_setting_card_range CHECK (gift_card_months BETWEEN 1 AND 600),
  store_credit_months integer CONSTRAINT stored_value_setting_credit_range CHECK (store_credit_months BETWEEN 1 AND 600),
  set_by              text NOT NULL,
  set_at              timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stored_value_setting_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX stored_value_setting_newest_idx ON stored_value_setting (tenant_id, set_at DESC);
${tenantTable('stored_value_setting', { appendOnly: true })}

-- Codes that a public shop's token asked for and that nothing has, by the minute.
CREATE TABLE gift_card_attempt (
  tenant_id uuid NOT NULL,
  minute    timestamptz NOT NULL,
  attempts  integer NOT NULL,
  CONSTRAINT gift_card_attempt_pkey PRIMARY KEY (tenant_id, minute)
);
${tenantTable('gift_card_attempt')}

ALTER TABLE sale_line ADD COLUMN gift_card_id uuid,
  ADD CONSTRAINT sale_line_gift_card_fkey FOREIGN KEY (tenant_id, gift_card_id) REFERENCES stored_value (tenant_id, id),
  ADD CONSTRAINT sale_line_gift_card_is_one CHECK (gift_card_id IS NULL OR (quantity = 1 AND tracking = 'NONE'));
ALTER TABLE sale_tender ADD COLUMN stored_value_id uuid,
  ADD CONSTRAINT sale_tender_stored_value_fkey FOREIGN KEY (tenant_id, stored_value_id) REFERENCES stored_value (tenant_id, id),
  DROP CONSTRAINT sale_tender_kind_known,
  ADD CONSTRAINT sale_tender_kind_known CHECK
    (kind IN ('CASH', 'CARD', 'BANK_TRANSFER', 'GIFT_CARD', 'STORE_CREDIT', 'EXCHANGE')),
  ADD CONSTRAINT sale_tender_names_its_value CHECK ((kind IN ('GIFT_CARD', 'STORE_CREDIT')) = (stored_value_id IS NOT NULL)),
  ADD CONSTRAINT sale_tender_transfer_has_reference CHECK (kind <> 'BANK_TRANSFER' OR reference IS NOT NULL);
ALTER TABLE sale_return_refund ADD COLUMN stored_value_id uuid,
  ADD CONSTRAINT sale_return_refund_stored_value_fkey FOREIGN KEY (tenant_id, stored_value_id)
    REFERENCES stored_value (tenant_id, id),
  ADD CONSTRAINT sale_return_refund_names_its_value
    CHECK ((kind IN ('GIFT_CARD', 'STORE_CREDIT')) = (stored_value_id IS NOT NULL));`,
);
