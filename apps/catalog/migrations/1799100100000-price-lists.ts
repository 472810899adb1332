import { migration, tenantTable } from '@onecount/db';

/** Prices for a time: lists with their entries, and which product has to be looked at when (ADR 0242). */
export const PriceLists1799100100000 = migration(
  'PriceLists1799100100000',
  `
CREATE TABLE price_list (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  time_zone text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  cancelled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT price_list_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT price_list_kind_known CHECK (kind IN ('SALE', 'PRICE_CHANGE')),
  CONSTRAINT price_list_name_length CHECK (char_length(name) BETWEEN 1 AND 255),
  CONSTRAINT price_list_ends_after_start CHECK (ends_at > starts_at),
  CONSTRAINT price_list_change_has_no_end CHECK (kind = 'SALE' OR ends_at IS NULL)
);
${tenantTable('price_list')}

CREATE TABLE price_list_entry (
  tenant_id uuid NOT NULL,
  price_list_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  currency_code char(3) NOT NULL,
  price_minor bigint NOT NULL,
  CONSTRAINT price_list_entry_pkey PRIMARY KEY (tenant_id, price_list_id, variant_id),
  CONSTRAINT price_list_entry_list_fkey FOREIGN KEY (tenant_id, price_list_id) REFERENCES price_list (tenant_id, id),
  CONSTRAINT price_list_entry_variant_fkey FOREIGN KEY (tenant_id, variant_id) REFERENCES variant (tenant_id, id),
  CONSTRAINT price_list_entry_not_negative CHECK (price_minor >= 0)
);
CREATE INDEX price_list_entry_by_variant ON price_list_entry (tenant_id, variant_id);
${tenantTable('price_list_entry')}

-- The worker's agenda: one row for each list and product, with the next moment at which its prices may change.
CREATE TABLE price_list_product (
  tenant_id uuid NOT NULL,
  price_list_id uuid NOT NULL,
  product_id uuid NOT NULL,
  due_at timestamptz,
  is_applied boolean NOT NULL DEFAULT false,
  CONSTRAINT price_list_product_pkey PRIMARY KEY (tenant_id, price_list_id, product_id),
  CONSTRAINT price_list_product_list_fkey FOREIGN KEY (tenant_id, price_list_id) REFERENCES price_list (tenant_id, id),
  CONSTRAINT price_list_product_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);
CREATE INDEX price_list_product_due ON price_list_product (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX price_list_product_by_product ON price_list_product (tenant_id, product_id);
${tenantTable('price_list_product', { systemRoles: ['sweeper'] })}

ALTER TABLE variant
  ADD COLUMN list_price_minor bigint,
  ADD COLUMN price_list_id uuid,
  ADD CONSTRAINT variant_list_price_of_a_list CHECK ((list_price_minor IS NULL) = (price_list_id IS NULL)),
  ADD CONSTRAINT variant_price_list_fkey FOREIGN KEY (tenant_id, price_list_id) REFERENCES price_list (tenant_id, id);`,
);
