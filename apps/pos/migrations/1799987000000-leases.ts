import { migration, tenantTable } from '@onecount/db';

/**
 * What a register keeps for the time in which it may be offline (ADR 0379), and the sales that it made then: `lease_id` is
 * what their claim is given first, `sold_at` when they were made. One that could not be claimed keeps its money until a
 * person has settled it, as a late payment does: the index has both.
 */
export const Leases1799987000000 = migration(
  'Leases1799987000000',
  `
CREATE TABLE lease (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  register_id uuid NOT NULL,
  device      text NOT NULL,
  taken_by    text NOT NULL,
  taken_at    timestamptz NOT NULL,
  sell_until  timestamptz NOT NULL,
  held_until  timestamptz NOT NULL,
  ended_at    timestamptz,
  ended_by    text,
  CONSTRAINT lease_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT lease_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
  CONSTRAINT lease_ended_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CONSTRAINT lease_order CHECK (taken_at < sell_until AND sell_until < held_until)
);
CREATE INDEX lease_newest_idx ON lease (tenant_id, taken_at DESC, id DESC);
${tenantTable('lease')}

CREATE TABLE lease_line (
  tenant_id      uuid NOT NULL,
  lease_id       uuid NOT NULL,
  position       integer NOT NULL,
  id             uuid NOT NULL,
  stock_item_id  uuid NOT NULL,
  variant_id     uuid,
  sku            text NOT NULL,
  title          text NOT NULL,
  tracking       text NOT NULL,
  serial_unit_id uuid,
  serial         text,
  quantity       integer NOT NULL CONSTRAINT lease_line_quantity_positive CHECK (quantity > 0),
  price_minor    bigint,
  currency_code  text,
  CONSTRAINT lease_line_pkey PRIMARY KEY (tenant_id, lease_id, position),
  CONSTRAINT lease_line_lease_fkey FOREIGN KEY (tenant_id, lease_id) REFERENCES lease (tenant_id, id),
  CONSTRAINT lease_line_price_has_currency CHECK ((price_minor IS NULL) = (currency_code IS NULL))
);
${tenantTable('lease_line', { appendOnly: true })}

ALTER TABLE sale
  ADD COLUMN lease_id uuid,
  ADD COLUMN sold_at timestamptz,
  ADD CONSTRAINT sale_lease_fkey FOREIGN KEY (tenant_id, lease_id) REFERENCES lease (tenant_id, id),
  ADD CONSTRAINT sale_of_a_lease_was_sold CHECK ((lease_id IS NULL) = (sold_at IS NULL));
CREATE INDEX sale_by_lease_idx ON sale (tenant_id, lease_id) WHERE lease_id IS NOT NULL;
DROP INDEX sale_refund_due_idx;
CREATE INDEX sale_refund_due_idx ON sale (tenant_id, voided_at, id)
  WHERE status = 'VOIDED' AND (payment_due_at IS NOT NULL OR lease_id IS NOT NULL) AND commit_key IS NOT NULL AND refund IS NULL;`,
);
