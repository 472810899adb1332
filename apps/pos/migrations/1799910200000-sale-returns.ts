import { migration, tenantTable } from '@onecount/db';

/**
 * What comes back of a sale. How much of a line came back and how much of a tender was given back stand in the line and
 * the tender themselves, under CHECKs: no two returns, and no code, can take back or give back more than there was
 * (ADR 0330). `kept_minor` is what a tender paid: its amount less the change that was given of it.
 */
export const SaleReturns1799910200000 = migration(
  'SaleReturns1799910200000',
  `
ALTER TABLE sale_line ADD COLUMN returned_quantity integer NOT NULL DEFAULT 0
  CONSTRAINT sale_line_returned_at_most_sold CHECK (returned_quantity BETWEEN 0 AND quantity);
ALTER TABLE sale_tender ADD COLUMN kept_minor bigint
  CONSTRAINT sale_tender_kept_of_amount CHECK (kept_minor BETWEEN 0 AND amount_minor);
ALTER TABLE sale_tender ADD COLUMN refunded_minor bigint NOT NULL DEFAULT 0
  CONSTRAINT sale_tender_refunded_at_most_kept CHECK (refunded_minor BETWEEN 0 AND coalesce(kept_minor, 0));

CREATE TABLE sale_return (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  number        text NOT NULL,
  sale_id       uuid NOT NULL,
  register_id   uuid NOT NULL,
  shift_id      uuid NOT NULL,
  location_id   uuid NOT NULL,
  currency_code text NOT NULL,
  total_minor   bigint NOT NULL CONSTRAINT sale_return_total_positive CHECK (total_minor >= 0),
  reason        text NOT NULL,
  note          text,
  returned_by   text NOT NULL,
  returned_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT sale_return_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT sale_return_number_key UNIQUE (tenant_id, number),
  CONSTRAINT sale_return_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT sale_return_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
  CONSTRAINT sale_return_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift (tenant_id, id),
  CONSTRAINT sale_return_other_is_explained CHECK (reason <> 'OTHER' OR note IS NOT NULL)
);
CREATE INDEX sale_return_by_sale_idx ON sale_return (tenant_id, sale_id, returned_at, id);
CREATE INDEX sale_return_by_shift_idx ON sale_return (tenant_id, shift_id);
CREATE INDEX sale_return_newest_idx ON sale_return (tenant_id, returned_at DESC, id DESC);
${tenantTable('sale_return', { appendOnly: true })}

CREATE TABLE sale_return_line (
  tenant_id   uuid NOT NULL,
  return_id   uuid NOT NULL,
  position    integer NOT NULL,
  sale_id     uuid NOT NULL,
  line_id     uuid NOT NULL,
  quantity    integer NOT NULL CONSTRAINT sale_return_line_quantity_positive CHECK (quantity > 0),
  total_minor bigint NOT NULL CONSTRAINT sale_return_line_total_positive CHECK (total_minor >= 0),
  disposition text CONSTRAINT sale_return_line_disposition_known
    CHECK (disposition IN ('STOCK', 'INSPECTION', 'BENCH', 'DAMAGED')),
  CONSTRAINT sale_return_line_pkey PRIMARY KEY (tenant_id, return_id, position),
  CONSTRAINT sale_return_line_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return (tenant_id, id),
  CONSTRAINT sale_return_line_line_fkey FOREIGN KEY (tenant_id, sale_id, line_id)
    REFERENCES sale_line (tenant_id, sale_id, id)
);
CREATE INDEX sale_return_line_by_line_idx ON sale_return_line (tenant_id, line_id);
${tenantTable('sale_return_line', { appendOnly: true })}

-- A piece comes back of a sale once; sold again it is a piece of another sale.
CREATE TABLE sale_return_unit (
  tenant_id      uuid NOT NULL,
  sale_id        uuid NOT NULL,
  line_id        uuid NOT NULL,
  serial_unit_id uuid NOT NULL,
  serial         text,
  return_id      uuid NOT NULL,
  position       integer NOT NULL,
  CONSTRAINT sale_return_unit_pkey PRIMARY KEY (tenant_id, sale_id, line_id, serial_unit_id),
  CONSTRAINT sale_return_unit_line_fkey FOREIGN KEY (tenant_id, return_id, position)
    REFERENCES sale_return_line (tenant_id, return_id, position)
);
CREATE INDEX sale_return_unit_by_return_idx ON sale_return_unit (tenant_id, return_id, position);
${tenantTable('sale_return_unit', { appendOnly: true })}

CREATE TABLE sale_return_refund (
  tenant_id       uuid NOT NULL,
  return_id       uuid NOT NULL,
  position        integer NOT NULL,
  sale_id         uuid NOT NULL,
  tender_position integer NOT NULL,
  kind            text NOT NULL,
  amount_minor    bigint NOT NULL CONSTRAINT sale_return_refund_positive CHECK (amount_minor > 0),
  reference       text,
  CONSTRAINT sale_return_refund_pkey PRIMARY KEY (tenant_id, return_id, position),
  CONSTRAINT sale_return_refund_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return (tenant_id, id),
  CONSTRAINT sale_return_refund_tender_fkey FOREIGN KEY (tenant_id, sale_id, tender_position)
    REFERENCES sale_tender (tenant_id, sale_id, position)
);
${tenantTable('sale_return_refund', { appendOnly: true })}`,
);
