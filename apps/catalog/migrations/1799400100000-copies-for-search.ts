import { migration, tenantTable } from '@onecount/db';

/**
 * What search knows of other services: counts and thresholds, listings, stock numbers (ADR 0271). Every product gets terms
 * for it: a new default marks them without writing a row.
 */
export const CopiesForSearch1799400100000 = migration(
  'CopiesForSearch1799400100000',
  `
CREATE TABLE known_level (
  tenant_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  location_id uuid NOT NULL,
  version bigint NOT NULL,
  available integer NOT NULL,
  CONSTRAINT known_level_pkey PRIMARY KEY (tenant_id, variant_id, location_id)
) WITH (fillfactor = 80);
${tenantTable('known_level')}

CREATE TABLE variant_stock (
  tenant_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  item_version bigint NOT NULL DEFAULT 0,
  low_stock_threshold integer NOT NULL DEFAULT 1,
  is_in_stock boolean NOT NULL DEFAULT false,
  is_low boolean NOT NULL DEFAULT true,
  is_search_due boolean NOT NULL DEFAULT false,
  CONSTRAINT variant_stock_pkey PRIMARY KEY (tenant_id, variant_id)
);
CREATE INDEX variant_stock_search_due ON variant_stock (tenant_id, variant_id) WHERE is_search_due;
${tenantTable('variant_stock', { systemRoles: ['sweeper'] })}

CREATE TABLE known_listing (
  tenant_id uuid NOT NULL,
  listing_id uuid NOT NULL,
  version bigint NOT NULL,
  connection_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  is_listed boolean NOT NULL,
  CONSTRAINT known_listing_pkey PRIMARY KEY (tenant_id, listing_id)
);
CREATE INDEX known_listing_by_variant ON known_listing (tenant_id, variant_id);
${tenantTable('known_listing')}

CREATE TABLE known_unit (
  tenant_id uuid NOT NULL,
  serial_unit_id uuid NOT NULL,
  version bigint NOT NULL,
  variant_id uuid NOT NULL,
  stock_number text NOT NULL,
  CONSTRAINT known_unit_pkey PRIMARY KEY (tenant_id, serial_unit_id)
);
CREATE INDEX known_unit_by_variant ON known_unit (tenant_id, variant_id);
${tenantTable('known_unit')}
ALTER TABLE product DROP COLUMN is_search_due;
ALTER TABLE product ADD COLUMN is_search_due boolean NOT NULL DEFAULT true;
ALTER TABLE product ALTER COLUMN is_search_due SET DEFAULT false;
CREATE INDEX product_search_due ON product (tenant_id, id) WHERE is_search_due;`,
);
