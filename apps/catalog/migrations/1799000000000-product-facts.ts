import { migration, tenantTable } from '@onecount/db';

/**
 * What else a merchant says of a product: how search engines show it, its style number, the group of siblings it
 * belongs to, facts of the shop's own, and who made and changed it. A vendor has the three letters of its SKUs.
 */
export const ProductFacts1799000000000 = migration(
  'ProductFacts1799000000000',
  `
CREATE TABLE product_group (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT product_group_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT product_group_name_length CHECK (char_length(name) BETWEEN 1 AND 255)
);
CREATE UNIQUE INDEX product_group_name_key ON product_group (tenant_id, lower(name));
${tenantTable('product_group')}

ALTER TABLE product
  ADD COLUMN product_group_id uuid,
  ADD COLUMN seo_title text,
  ADD COLUMN seo_description text,
  ADD COLUMN style_number text,
  ADD COLUMN metadata jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN created_by text DEFAULT nullif(current_setting('app.actor', true), ''),
  ADD COLUMN updated_by text DEFAULT nullif(current_setting('app.actor', true), ''),
  ADD CONSTRAINT product_group_fkey FOREIGN KEY (tenant_id, product_group_id) REFERENCES product_group (tenant_id, id),
  ADD CONSTRAINT product_seo_length CHECK (char_length(seo_title) <= 255 AND char_length(seo_description) <= 1000),
  ADD CONSTRAINT product_style_number_length CHECK (char_length(style_number) BETWEEN 1 AND 100),
  ADD CONSTRAINT product_metadata_size CHECK (jsonb_typeof(metadata) = 'array' AND octet_length(metadata::text) <= 65536);
CREATE INDEX product_by_group ON product (tenant_id, product_group_id) WHERE product_group_id IS NOT NULL;

ALTER TABLE vendor
  ADD COLUMN code text,
  ADD CONSTRAINT vendor_code_form CHECK (code ~ '^[A-Z0-9]{3}$');
CREATE UNIQUE INDEX vendor_code_key ON vendor (tenant_id, code);`,
);
