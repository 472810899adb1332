import { migration, tenantTable } from '@onecount/db';

/**
 * What products are found by (ADR 0270). Words stand in a B-tree, whose operators are leakproof, because row-level
 * security lets no GIN or trigram index serve a search. Products that are there are indexed by the worker.
 */
export const ProductSearch1799400000000 = migration(
  'ProductSearch1799400000000',
  `
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE product_search (
  tenant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  title_key text COLLATE "C" NOT NULL,
  price_key bigint NOT NULL,
  currency_code char(3),
  updated_at timestamptz(3) NOT NULL,
  terms text[] NOT NULL,
  document tsvector NOT NULL,
  CONSTRAINT product_search_pkey PRIMARY KEY (tenant_id, product_id)
);
CREATE INDEX product_search_by_title ON product_search (tenant_id, title_key, product_id);
CREATE INDEX product_search_by_price ON product_search (tenant_id, price_key, product_id);
CREATE INDEX product_search_by_update ON product_search (tenant_id, updated_at, product_id);
${tenantTable('product_search')}

CREATE TABLE product_word (
  tenant_id uuid NOT NULL,
  word text COLLATE "C" NOT NULL,
  product_id uuid NOT NULL,
  CONSTRAINT product_word_pkey PRIMARY KEY (tenant_id, word, product_id)
);
${tenantTable('product_word')}

CREATE TABLE search_gram (
  tenant_id uuid NOT NULL,
  gram text COLLATE "C" NOT NULL,
  word text COLLATE "C" NOT NULL,
  CONSTRAINT search_gram_pkey PRIMARY KEY (tenant_id, gram, word)
);
${tenantTable('search_gram')}

ALTER TABLE product ADD COLUMN is_search_due boolean NOT NULL DEFAULT true;
ALTER TABLE product ALTER COLUMN is_search_due SET DEFAULT false;
CREATE INDEX product_search_due ON product (tenant_id, id) WHERE is_search_due;
CREATE POLICY system_sweeper ON product FOR SELECT
  USING (current_setting('app.system', true) = 'sweeper');`,
);
