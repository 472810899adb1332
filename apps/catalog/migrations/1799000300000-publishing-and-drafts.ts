import { migration, tenantTable } from '@onecount/db';

/** Whether a product goes to web shops at all, what is entered of one before it stands, and how a variant is weighed and taxed. */
export const PublishingAndDrafts1799000300000 = migration(
  'PublishingAndDrafts1799000300000',
  `
ALTER TABLE product ADD COLUMN is_listed_on_website boolean NOT NULL DEFAULT true;

CREATE TABLE product_draft (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  step text NOT NULL,
  document text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text DEFAULT nullif(current_setting('app.actor', true), ''),
  CONSTRAINT product_draft_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT product_draft_step_length CHECK (char_length(step) BETWEEN 1 AND 50),
  CONSTRAINT product_draft_size CHECK (octet_length(document) <= 204800)
);
${tenantTable('product_draft')}

ALTER TABLE variant
  ADD COLUMN tax_code text,
  ADD CONSTRAINT variant_tax_code_length CHECK (char_length(tax_code) BETWEEN 1 AND 50);`,
);
