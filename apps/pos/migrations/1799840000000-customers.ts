import { migration, tenantTable } from '@onecount/db';

/**
 * A customer's row is what documents point at: it stays and says nothing of the person. What is known of the person is
 * in the other tables, whole rows of which go when the customer is erased (ADR 0325). `customer_term` is what one is found
 * by, in a B-tree (ADR 0270): `e:` an e-mail address, `p:` an international and `l:` a national telephone number, `n:` a word
 * of the name. `customer_change` says who did what, never what was entered.
 */
export const Customers1799840000000 = migration(
  'Customers1799840000000',
  `
CREATE TABLE customer (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  version     integer NOT NULL DEFAULT 1,
  merged_into uuid,
  erased_at   timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customer_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_merged_fkey FOREIGN KEY (tenant_id, merged_into) REFERENCES customer (tenant_id, id),
  CONSTRAINT customer_merged_into_another CHECK (merged_into <> id)
);
CREATE INDEX customer_merged_idx ON customer (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
${tenantTable('customer')}

CREATE TABLE customer_profile (
  tenant_id   uuid NOT NULL,
  customer_id uuid NOT NULL,
  name        text NOT NULL,
  sort_name   text COLLATE "C" NOT NULL,
  note        text,
  emails      jsonb NOT NULL,
  phones      jsonb NOT NULL,
  addresses   jsonb NOT NULL,
  sizes       jsonb NOT NULL,
  CONSTRAINT customer_profile_pkey PRIMARY KEY (tenant_id, customer_id),
  CONSTRAINT customer_profile_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX customer_profile_by_name_idx ON customer_profile (tenant_id, sort_name, customer_id);
${tenantTable('customer_profile')}

CREATE TABLE customer_term (
  tenant_id   uuid NOT NULL,
  term        text COLLATE "C" NOT NULL,
  customer_id uuid NOT NULL,
  CONSTRAINT customer_term_pkey PRIMARY KEY (tenant_id, term, customer_id),
  CONSTRAINT customer_term_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX customer_term_of_customer_idx ON customer_term (tenant_id, customer_id);
${tenantTable('customer_term')}

CREATE TABLE customer_consent (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  customer_id uuid NOT NULL,
  purpose     text NOT NULL,
  is_given    boolean NOT NULL,
  at          timestamptz NOT NULL,
  how         text NOT NULL,
  note        text,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT customer_consent_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_consent_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX customer_consent_of_customer_idx ON customer_consent (tenant_id, customer_id, purpose, at DESC, id DESC);
${tenantTable('customer_consent')}

CREATE TABLE customer_change (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  customer_id uuid NOT NULL,
  operation   text NOT NULL,
  key         text NOT NULL,
  changed_by  text NOT NULL,
  changed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT customer_change_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_change_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX customer_change_of_customer_idx ON customer_change (tenant_id, customer_id, id);
${tenantTable('customer_change', { appendOnly: true })}`,
);
