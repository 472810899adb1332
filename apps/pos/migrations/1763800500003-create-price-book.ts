import { migration, tenantTable } from '@onecount/db';

export const CreatePriceBook1763800500003 = migration(
  'CreatePriceBook1763800500003',
  `
-- The newest version seen of each product: an older event, redelivered or reordered, changes nothing,
-- also when it names a variant that a newer one removed.
CREATE TABLE price_book_product (
  tenant_id  uuid NOT NULL,
  product_id uuid NOT NULL,
  version    integer NOT NULL,
  CONSTRAINT price_book_product_pkey PRIMARY KEY (tenant_id, product_id)
);
${tenantTable('price_book_product')}

-- Keyed by variant, not by SKU: a SKU may move from one variant to another, and the two products'
-- events come in any order.
CREATE TABLE price_book (
  tenant_id     uuid NOT NULL,
  variant_id    uuid NOT NULL,
  product_id    uuid NOT NULL,
  sku           text NOT NULL,
  title         text NOT NULL,
  status        text NOT NULL,
  is_active     boolean NOT NULL,
  tracking      text NOT NULL,
  price_minor   bigint,
  currency_code text,
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT price_book_pkey PRIMARY KEY (tenant_id, variant_id),
  CONSTRAINT price_book_price_has_currency CHECK ((price_minor IS NULL) = (currency_code IS NULL))
);
CREATE INDEX price_book_by_sku_idx ON price_book (tenant_id, sku);
CREATE INDEX price_book_by_product_idx ON price_book (tenant_id, product_id);
${tenantTable('price_book')}

CREATE FUNCTION price_book_apply(p_tenant uuid, p_product uuid, p_version integer, p_entries jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO price_book_product AS known (tenant_id, product_id, version)
  VALUES (p_tenant, p_product, p_version)
  ON CONFLICT ON CONSTRAINT price_book_product_pkey DO UPDATE SET version = EXCLUDED.version
    WHERE EXCLUDED.version > known.version;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM price_book WHERE tenant_id = p_tenant AND product_id = p_product;
  INSERT INTO price_book (tenant_id, variant_id, product_id, sku, title, status, is_active, tracking,
                          price_minor, currency_code)
  SELECT p_tenant, e."variantId", p_product, e.sku, e.title, e.status, e."isActive", e.tracking,
         e."priceMinor", e."currencyCode"
    FROM jsonb_to_recordset(p_entries) AS e("variantId" uuid, sku text, title text, status text,
         "isActive" boolean, tracking text, "priceMinor" bigint, "currencyCode" text)
  ON CONFLICT ON CONSTRAINT price_book_pkey DO NOTHING;
  RETURN true;
END $$;
`,
);
