import { idempotencyTable, migration, tenantTable } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';

const products = `
CREATE TABLE vendor (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT vendor_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT vendor_name_length CHECK (char_length(name) BETWEEN 1 AND 255)
);
-- One vendor however its name is typed: "Sterling Ltd" and "STERLING LTD" are the same supplier.
CREATE UNIQUE INDEX vendor_name_key ON vendor (tenant_id, lower(name));
${tenantTable('vendor')}

CREATE TABLE category (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT category_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT category_name_length CHECK (char_length(name) BETWEEN 1 AND 255)
);
CREATE UNIQUE INDEX category_name_key ON category (tenant_id, lower(name));
${tenantTable('category')}

CREATE TABLE product (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  handle text NOT NULL,
  title text NOT NULL,
  description_html text NOT NULL DEFAULT '',
  vendor_id uuid,
  category_id uuid,
  product_type text,
  tags text[] NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'DRAFT',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT product_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT product_vendor_fkey FOREIGN KEY (tenant_id, vendor_id) REFERENCES vendor (tenant_id, id),
  CONSTRAINT product_category_fkey FOREIGN KEY (tenant_id, category_id)
    REFERENCES category (tenant_id, id),
  CONSTRAINT product_status_known CHECK (status IN ('DRAFT', 'ACTIVE', 'ARCHIVED')),
  CONSTRAINT product_title_length CHECK (char_length(title) BETWEEN 1 AND 255),
  CONSTRAINT product_handle_form CHECK (handle = lower(handle) AND char_length(handle) BETWEEN 1 AND 255)
);
-- A deleted product gives its address back; its SKUs stay taken, for they stay in the ledger.
CREATE UNIQUE INDEX product_handle_key ON product (tenant_id, handle) WHERE deleted_at IS NULL;
CREATE INDEX product_by_vendor ON product (tenant_id, vendor_id, id);
${tenantTable('product')}

CREATE TABLE product_option (
  tenant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  position smallint NOT NULL,
  name text NOT NULL,
  option_values text[] NOT NULL,
  CONSTRAINT product_option_pkey PRIMARY KEY (tenant_id, product_id, position),
  CONSTRAINT product_option_product_fkey FOREIGN KEY (tenant_id, product_id)
    REFERENCES product (tenant_id, id),
  CONSTRAINT product_option_at_most_three CHECK (position BETWEEN 1 AND 3),
  CONSTRAINT product_option_has_values CHECK (cardinality(option_values) >= 1)
);
CREATE UNIQUE INDEX product_option_name_key ON product_option (tenant_id, product_id, lower(name));
${tenantTable('product_option')}

CREATE TABLE media (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  position integer NOT NULL,
  url text NOT NULL,
  alt text,
  CONSTRAINT media_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT media_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id),
  CONSTRAINT media_position_key UNIQUE (tenant_id, product_id, position)
);
${tenantTable('media')}

CREATE TABLE variant (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  position integer NOT NULL,
  sku text NOT NULL,
  barcode text,
  title text NOT NULL,
  option_values text[] NOT NULL DEFAULT '{}',
  currency_code char(3),
  price_minor bigint,
  compare_at_price_minor bigint,
  cost_minor bigint,
  tracking text NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  is_taxable boolean NOT NULL DEFAULT true,
  requires_shipping boolean NOT NULL DEFAULT true,
  weight_grams integer,
  media_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- The newest word of inventory on its stock item that was heard: an older one changes nothing.
  stock_version bigint NOT NULL DEFAULT 0,
  CONSTRAINT variant_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT variant_product_fkey FOREIGN KEY (tenant_id, product_id)
    REFERENCES product (tenant_id, id),
  CONSTRAINT variant_media_fkey FOREIGN KEY (tenant_id, media_id) REFERENCES media (tenant_id, id),
  CONSTRAINT variant_sku_key UNIQUE (tenant_id, sku),
  CONSTRAINT variant_barcode_key UNIQUE (tenant_id, barcode),
  CONSTRAINT variant_option_values_key UNIQUE (tenant_id, product_id, option_values),
  CONSTRAINT variant_sku_length CHECK (char_length(sku) BETWEEN 1 AND 255),
  CONSTRAINT variant_tracking_known CHECK (tracking IN ('NONE', 'QUANTITY', 'SERIAL')),
  CONSTRAINT variant_money_not_negative CHECK (
    coalesce(price_minor, 0) >= 0 AND coalesce(compare_at_price_minor, 0) >= 0
    AND coalesce(cost_minor, 0) >= 0
  ),
  CONSTRAINT variant_money_has_currency CHECK (
    currency_code IS NOT NULL
    OR (price_minor IS NULL AND compare_at_price_minor IS NULL AND cost_minor IS NULL)
  ),
  CONSTRAINT variant_weight_not_negative CHECK (weight_grams >= 0),
  CONSTRAINT variant_option_values_count CHECK (cardinality(option_values) <= 3)
);
CREATE INDEX variant_by_product ON variant (tenant_id, product_id, position);
${tenantTable('variant')}

CREATE TABLE variant_sales (
  tenant_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  quantity_sold bigint NOT NULL DEFAULT 0,
  last_sold_at timestamptz,
  CONSTRAINT variant_sales_pkey PRIMARY KEY (tenant_id, variant_id)
);
${tenantTable('variant_sales')}

-- What inventory still has to be told about a product. Written in the product's transaction, so
-- that a crash between that commit and the call loses nothing; inventory's own idempotency by
-- idempotency_key makes a repeated delivery harmless.
CREATE TABLE stock_command (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  import_id uuid,
  idempotency_key text NOT NULL,
  items jsonb NOT NULL,
  lines jsonb NOT NULL,
  units bigint NOT NULL,
  status text NOT NULL DEFAULT 'PENDING',
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  CONSTRAINT stock_command_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_command_product_fkey FOREIGN KEY (tenant_id, product_id)
    REFERENCES product (tenant_id, id),
  CONSTRAINT stock_command_key UNIQUE (tenant_id, idempotency_key),
  CONSTRAINT stock_command_status_known CHECK (status IN ('PENDING', 'DELIVERED', 'REFUSED')),
  CONSTRAINT stock_command_refusal_has_reason CHECK (status <> 'REFUSED' OR reason IS NOT NULL)
);
CREATE INDEX stock_command_due ON stock_command (next_attempt_at) WHERE status = 'PENDING';
CREATE INDEX stock_command_by_product ON stock_command (tenant_id, product_id);
CREATE INDEX stock_command_by_import ON stock_command (tenant_id, import_id)
  WHERE import_id IS NOT NULL;
${tenantTable('stock_command', { systemRoles: ['sweeper', 'monitor'] })}

-- Sales that are in the counters already. The inbox knows event ids; a sale that is published anew under
-- another id (a refilled topic) is known by this alone.
CREATE TABLE counted_sale (
  tenant_id uuid NOT NULL,
  sale_id   uuid NOT NULL,
  CONSTRAINT counted_sale_pkey PRIMARY KEY (tenant_id, sale_id)
);
${tenantTable('counted_sale')}
`;

const imports = `
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
${tenantTable('upload')}

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
${tenantTable('product_import', { systemRoles: ['sweeper', 'monitor'] })}

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
${tenantTable('product_import_group')}

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
${tenantTable('product_import_row_error', { appendOnly: true })}
`;

/** The tables as they were at the first release; a function would be a file in src. */
export const CreateCatalog1763900000000 = migration(
  'CreateCatalog1763900000000',
  [idempotencyTable, outboxTable, inboxTables, products, imports].join('\n'),
);
