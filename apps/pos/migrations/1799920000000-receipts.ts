import { migration, tenantTable } from '@onecount/db';

/**
 * What receipts say of the shop, a row a change: a copy says what the original said. And who printed which receipt when:
 * the first print is the original, every later one a numbered copy.
 */
export const Receipts1799920000000 = migration(
  'Receipts1799920000000',
  `
CREATE TABLE receipt_setting (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  location_id   uuid,
  shop_name     text NOT NULL,
  address_lines text[] NOT NULL,
  tax_number    text,
  header        text,
  footer        text,
  locale        text NOT NULL,
  time_zone     text NOT NULL,
  set_by        text NOT NULL,
  set_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT receipt_setting_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX receipt_setting_by_location_idx ON receipt_setting (tenant_id, location_id, set_at);
${tenantTable('receipt_setting', { appendOnly: true })}

CREATE TABLE receipt_print (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  sale_id     uuid NOT NULL,
  kind        text NOT NULL,
  copy_number integer NOT NULL,
  format      text NOT NULL,
  unit_numbers jsonb NOT NULL,
  printed_by  text NOT NULL,
  printed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT receipt_print_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT receipt_print_one_original UNIQUE (tenant_id, sale_id, kind, copy_number),
  CONSTRAINT receipt_print_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT receipt_print_kind_known CHECK (kind IN ('RECEIPT', 'GIFT')),
  CONSTRAINT receipt_print_copy_number_range CHECK (copy_number >= 0)
);
${tenantTable('receipt_print', { appendOnly: true })}`,
);
