import { migration, tenantTable } from '@onecount/db';

// Read copies of what inventory and catalog publish: a passport is issued without asking anybody.
// The newest version wins, whatever order the events come in.
export const CreateKnownUnit1763900000002 = migration(
  'CreateKnownUnit1763900000002',
  `
CREATE TABLE known_unit (
  tenant_id    uuid        NOT NULL,
  id           uuid        NOT NULL,
  version      bigint      NOT NULL,
  variant_id   uuid,
  sku          text        NOT NULL,
  serial       text,
  stock_number text,
  status       text        NOT NULL,
  certificate  jsonb,
  attributes   jsonb       NOT NULL,
  photos       jsonb       NOT NULL,
  received_at  timestamptz NOT NULL,
  CONSTRAINT known_unit_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX known_unit_by_serial ON known_unit (tenant_id, sku, serial);
CREATE INDEX known_unit_by_stock_number ON known_unit (tenant_id, sku, stock_number);
${tenantTable('known_unit')}

CREATE TABLE known_product (
  tenant_id    uuid   NOT NULL,
  id           uuid   NOT NULL,
  version      bigint NOT NULL,
  title        text   NOT NULL,
  vendor       text,
  category     text,
  product_type text,
  CONSTRAINT known_product_pkey PRIMARY KEY (tenant_id, id)
);
${tenantTable('known_product')}

CREATE TABLE known_variant (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  product_id uuid NOT NULL,
  full_title text NOT NULL,
  barcode    text,
  CONSTRAINT known_variant_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX known_variant_by_product ON known_variant (tenant_id, product_id);
${tenantTable('known_variant')}
`,
);
