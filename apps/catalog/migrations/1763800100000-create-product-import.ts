import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@onecount/db';

const tables = `
CREATE TABLE upload (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  filename text NOT NULL,
  size_bytes_declared bigint,
  size_bytes bigint,
  sha256 text,
  status text NOT NULL DEFAULT 'WAITING',
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  received_at timestamptz,
  CONSTRAINT upload_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT upload_status_known CHECK (status IN ('WAITING', 'RECEIVED')),
  CONSTRAINT upload_received_is_measured CHECK (
    status <> 'RECEIVED' OR (size_bytes IS NOT NULL AND sha256 IS NOT NULL)
  )
);

CREATE TABLE product_import (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  upload_id uuid NOT NULL,
  filename text NOT NULL,
  location_code text NOT NULL,
  currency_code char(3) NOT NULL,
  overwrite_existing boolean NOT NULL,
  status text NOT NULL DEFAULT 'QUEUED',
  failure text,
  bytes_total bigint NOT NULL,
  bytes_read bigint NOT NULL DEFAULT 0,
  rows_total integer,
  rows_read integer NOT NULL DEFAULT 0,
  rows_imported integer NOT NULL DEFAULT 0,
  rows_refused integer NOT NULL DEFAULT 0,
  products_total integer,
  products_created integer NOT NULL DEFAULT 0,
  products_updated integer NOT NULL DEFAULT 0,
  products_refused integer NOT NULL DEFAULT 0,
  variants_imported integer NOT NULL DEFAULT 0,
  units_requested bigint NOT NULL DEFAULT 0,
  row_errors_total integer NOT NULL DEFAULT 0,
  columns_ignored text[] NOT NULL DEFAULT '{}',
  -- The worker that holds the lease runs the job; a worker that dies stops renewing it.
  lease_owner uuid,
  lease_expires_at timestamptz,
  -- Runs in a row that ended without one more product done.
  failures integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  CONSTRAINT product_import_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT product_import_upload_fkey FOREIGN KEY (tenant_id, upload_id)
    REFERENCES upload (tenant_id, id),
  CONSTRAINT product_import_upload_key UNIQUE (tenant_id, upload_id),
  CONSTRAINT product_import_status_known CHECK (
    status IN ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED')
  ),
  CONSTRAINT product_import_failure_has_reason CHECK ((status = 'FAILED') = (failure IS NOT NULL))
);
CREATE INDEX product_import_open ON product_import (created_at)
  WHERE status IN ('QUEUED', 'RUNNING');

-- One row per product group of the file, written in the transaction of that product: what makes a
-- restarted import skip exactly the groups whose effect is already there.
CREATE TABLE product_import_group (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  group_key text NOT NULL,
  outcome text NOT NULL,
  product_id uuid,
  CONSTRAINT product_import_group_pkey PRIMARY KEY (tenant_id, import_id, group_key),
  CONSTRAINT product_import_group_import_fkey FOREIGN KEY (tenant_id, import_id)
    REFERENCES product_import (tenant_id, id),
  CONSTRAINT product_import_group_outcome_known CHECK (outcome IN ('CREATED', 'UPDATED', 'REFUSED'))
);

CREATE TABLE product_import_row_error (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  id uuid NOT NULL,
  row_number integer NOT NULL,
  column_name text,
  value text,
  handle text,
  code text NOT NULL,
  message text NOT NULL,
  CONSTRAINT product_import_row_error_pkey PRIMARY KEY (tenant_id, import_id, id),
  CONSTRAINT product_import_row_error_import_fkey FOREIGN KEY (tenant_id, import_id)
    REFERENCES product_import (tenant_id, id)
);
`;

export class CreateProductImport1763800100000 implements MigrationInterface {
  name = 'CreateProductImport1763800100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(tenantTable('upload'));
    await runner.query(tenantTable('product_import', { systemRoles: ['sweeper', 'monitor'] }));
    await runner.query(tenantTable('product_import_group'));
    await runner.query(tenantTable('product_import_row_error', { appendOnly: true }));
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
