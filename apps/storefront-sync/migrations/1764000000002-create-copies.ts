import { migration, tenantTable } from '@onecount/db';

export const CreateCopies1764000000002 = migration(
  'CreateCopies1764000000002',
  `
CREATE TABLE known_product (
  tenant_id uuid   NOT NULL,
  id        uuid   NOT NULL,
  version   bigint NOT NULL,
  CONSTRAINT known_product_pkey PRIMARY KEY (tenant_id, id)
);
${tenantTable('known_product')}

-- Keyed by the SKU, which product and stock share: whichever of the two events comes first makes the
-- row, and both lock it before a listing is computed, so that the later one sees the other's part.
CREATE TABLE known_variant (
  tenant_id   uuid    NOT NULL,
  sku         text    NOT NULL,
  -- Null while only the stock is known.
  variant_id  uuid,
  product_id  uuid,
  title       text    NOT NULL DEFAULT '',
  is_tracked  boolean NOT NULL DEFAULT true,
  is_sellable boolean NOT NULL DEFAULT false,
  has_photo   boolean NOT NULL DEFAULT false,
  CONSTRAINT known_variant_pkey PRIMARY KEY (tenant_id, sku)
);
CREATE INDEX known_variant_by_product ON known_variant (tenant_id, product_id);
${tenantTable('known_variant')}

CREATE TABLE known_level (
  tenant_id     uuid   NOT NULL,
  stock_item_id uuid   NOT NULL,
  location_id   uuid   NOT NULL,
  sku           text   NOT NULL,
  location_code text   NOT NULL,
  available     bigint NOT NULL,
  version       bigint NOT NULL,
  CONSTRAINT known_level_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id)
);
CREATE INDEX known_level_by_sku ON known_level (tenant_id, sku);
${tenantTable('known_level')}
`,
);
