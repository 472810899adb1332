import { migration, tenantTable } from '@onecount/db';

/** An import reads more formats, can be tried without effect and cancelled, and brings counts to inventory. */
export const ImportSettings1799300100000 = migration(
  'ImportSettings1799300100000',
  `
ALTER TABLE product_import
  ADD COLUMN format text,
  ADD COLUMN is_dry_run boolean NOT NULL DEFAULT false,
  ADD COLUMN existing_stock text NOT NULL DEFAULT 'KEEP'
    CONSTRAINT product_import_existing_stock_known CHECK (existing_stock IN ('KEEP', 'SET')),
  ADD COLUMN warnings_refused text[] NOT NULL DEFAULT '{}',
  ADD COLUMN column_mapping jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN products_unchanged integer NOT NULL DEFAULT 0,
  DROP CONSTRAINT product_import_status_known,
  ADD CONSTRAINT product_import_status_known
    CHECK (status IN ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'));
ALTER TABLE product_import_group
  DROP CONSTRAINT product_import_group_outcome_known,
  ADD CONSTRAINT product_import_group_outcome_known
    CHECK (outcome IN ('CREATED', 'UPDATED', 'UNCHANGED', 'REFUSED', 'LIST'));

-- Counts of a file are of many products at once.
ALTER TABLE stock_command
  ALTER COLUMN product_id DROP NOT NULL,
  ADD COLUMN counts jsonb,
  ADD COLUMN is_overwriting boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT stock_command_is_about_something CHECK ((product_id IS NULL) = (counts IS NOT NULL));

CREATE TABLE product_import_mapping (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  columns jsonb NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT product_import_mapping_pkey PRIMARY KEY (tenant_id, name),
  CONSTRAINT product_import_mapping_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  CONSTRAINT product_import_mapping_is_list CHECK (jsonb_typeof(columns) = 'array')
);
${tenantTable('product_import_mapping')}
`,
);
