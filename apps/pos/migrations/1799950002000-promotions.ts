import { migration, tenantTable } from '@onecount/db';

/**
 * Promotion codes, and who used them (ADR 0352). `uses_taken` counts what is reserved by a checkout under way and what was sold;
 * its CHECK decides who has the last use, whatever else is true.
 */
export const Promotions1799950002000 = migration(
  'Promotions1799950002000',
  `
CREATE TABLE promotion (
  tenant_id         uuid NOT NULL,
  id                uuid NOT NULL,
  code              text NOT NULL CONSTRAINT promotion_code_length CHECK (length(code) BETWEEN 1 AND 40),
  code_key          text NOT NULL GENERATED ALWAYS AS (lower(code)) STORED,
  basis_points      integer CONSTRAINT promotion_percent_range CHECK (basis_points BETWEEN 1 AND 10000),
  amount_minor      bigint CONSTRAINT promotion_amount_positive CHECK (amount_minor > 0),
  minimum_minor     bigint CONSTRAINT promotion_minimum_positive CHECK (minimum_minor > 0),
  currency_code     text,
  valid_from        timestamptz,
  valid_until       timestamptz,
  channels          text[] NOT NULL DEFAULT '{}',
  location_ids      uuid[] NOT NULL DEFAULT '{}',
  uses_max          integer CONSTRAINT promotion_uses_max_positive CHECK (uses_max > 0),
  customer_uses_max integer CONSTRAINT promotion_customer_uses_max_positive CHECK (customer_uses_max > 0),
  uses_taken        integer NOT NULL DEFAULT 0,
  added_by          text NOT NULL,
  added_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at          timestamptz,
  CONSTRAINT promotion_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT promotion_percent_or_amount CHECK (num_nonnulls(basis_points, amount_minor) = 1),
  CONSTRAINT promotion_currency_of_amounts CHECK (currency_code IS NOT NULL OR num_nonnulls(amount_minor, minimum_minor) = 0),
  CONSTRAINT promotion_validity_order CHECK (valid_from < valid_until),
  CONSTRAINT promotion_uses_left CHECK (uses_taken >= 0 AND (uses_max IS NULL OR uses_taken <= uses_max))
);
-- A code that has ended may be given again.
CREATE UNIQUE INDEX promotion_code_key ON promotion (tenant_id, code_key) WHERE ended_at IS NULL;
CREATE INDEX promotion_newest_idx ON promotion (tenant_id, id DESC);
${tenantTable('promotion')}

CREATE TABLE promotion_use (
  tenant_id    uuid NOT NULL,
  promotion_id uuid NOT NULL,
  sale_id      uuid NOT NULL,
  customer_id  uuid,
  state        text NOT NULL CONSTRAINT promotion_use_state_known CHECK (state IN ('RESERVED', 'COUNTED', 'FREED')),
  reserved_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at     timestamptz CONSTRAINT promotion_use_end_of_its_state CHECK ((state = 'RESERVED') = (ended_at IS NULL)),
  CONSTRAINT promotion_use_pkey PRIMARY KEY (tenant_id, promotion_id, sale_id),
  CONSTRAINT promotion_use_promotion_fkey FOREIGN KEY (tenant_id, promotion_id) REFERENCES promotion (tenant_id, id),
  CONSTRAINT promotion_use_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id)
);
CREATE INDEX promotion_use_by_sale_idx ON promotion_use (tenant_id, sale_id);
CREATE INDEX promotion_use_reserved_idx ON promotion_use (tenant_id, promotion_id) WHERE state = 'RESERVED';
CREATE INDEX promotion_use_by_customer_idx ON promotion_use (tenant_id, customer_id, promotion_id) WHERE customer_id IS NOT NULL;
${tenantTable('promotion_use')}
ALTER TABLE sale_discount ADD CONSTRAINT sale_discount_promotion_fkey
  FOREIGN KEY (tenant_id, promotion_id) REFERENCES promotion (tenant_id, id);`,
);
