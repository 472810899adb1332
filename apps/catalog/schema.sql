-- The database of catalog as its migrations leave it; functions are files below src.
-- Written by npm run schema, compared by npm run schema:check.

CREATE TABLE category (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  parent_id uuid,
  path text NOT NULL,
  CONSTRAINT category_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT category_name_length CHECK (char_length(name) >= 1 AND char_length(name) <= 255),
  CONSTRAINT category_not_its_own_parent CHECK (parent_id <> id),
  CONSTRAINT category_parent_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES category(tenant_id, id)
);
CREATE INDEX category_by_name ON category USING btree (tenant_id, lower(name));
CREATE INDEX category_by_parent ON category USING btree (tenant_id, parent_id);
CREATE UNIQUE INDEX category_path_key ON category USING btree (tenant_id, lower(path));
ALTER TABLE category ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON category FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON category TO onecount_catalog;

CREATE TABLE counted_sale (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  CONSTRAINT counted_sale_pkey PRIMARY KEY (tenant_id, sale_id)
);
ALTER TABLE counted_sale ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON counted_sale FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON counted_sale TO onecount_catalog;

CREATE TABLE dead_event (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  consumer text NOT NULL,
  event_id text NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  headers jsonb NOT NULL,
  value text NOT NULL,
  reason text NOT NULL,
  attempts integer NOT NULL,
  died_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  replayed_at timestamp with time zone,
  discarded_at timestamp with time zone,
  discarded_by text,
  discard_reason text,
  CONSTRAINT dead_event_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT dead_event_discard_whole CHECK ((discarded_at IS NULL) = (discarded_by IS NULL) AND (discarded_at IS NULL) = (discard_reason IS NULL)),
  CONSTRAINT dead_event_one_end CHECK (replayed_at IS NULL OR discarded_at IS NULL)
);
CREATE UNIQUE INDEX dead_event_once ON dead_event USING btree (tenant_id, consumer, event_id) WHERE (replayed_at IS NULL);
ALTER TABLE dead_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_monitor ON dead_event FOR ALL
  USING (current_setting('app.system'::text, true) = 'monitor'::text);
CREATE POLICY tenant_isolation ON dead_event FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON dead_event TO onecount_catalog;

CREATE TABLE idempotency_record (
  tenant_id uuid NOT NULL,
  key text NOT NULL,
  operation text NOT NULL,
  input_hash text NOT NULL,
  response jsonb,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT idempotency_record_pkey PRIMARY KEY (tenant_id, key),
  CONSTRAINT idempotency_record_key_length CHECK (length(key) >= 1 AND length(key) <= 255)
);
ALTER TABLE idempotency_record ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON idempotency_record FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_record TO onecount_catalog;

CREATE TABLE inbox (
  tenant_id uuid NOT NULL,
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT inbox_pkey PRIMARY KEY (tenant_id, consumer, event_id)
);
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON inbox FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON inbox TO onecount_catalog;

CREATE TABLE internal_barcode (
  tenant_id uuid NOT NULL,
  last_number bigint NOT NULL,
  CONSTRAINT internal_barcode_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT internal_barcode_ten_digits CHECK (last_number >= 1 AND last_number <= '9999999999'::bigint)
);
ALTER TABLE internal_barcode ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON internal_barcode FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON internal_barcode TO onecount_catalog;

CREATE TABLE known_level (
  tenant_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  location_id uuid NOT NULL,
  version bigint NOT NULL,
  available integer NOT NULL,
  CONSTRAINT known_level_pkey PRIMARY KEY (tenant_id, variant_id, location_id)
) WITH (fillfactor=80);
ALTER TABLE known_level ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_level FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_level TO onecount_catalog;

CREATE TABLE known_listing (
  tenant_id uuid NOT NULL,
  listing_id uuid NOT NULL,
  version bigint NOT NULL,
  connection_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  is_listed boolean NOT NULL,
  CONSTRAINT known_listing_pkey PRIMARY KEY (tenant_id, listing_id)
);
CREATE INDEX known_listing_by_variant ON known_listing USING btree (tenant_id, variant_id);
ALTER TABLE known_listing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_listing FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_listing TO onecount_catalog;

CREATE TABLE known_unit (
  tenant_id uuid NOT NULL,
  serial_unit_id uuid NOT NULL,
  version bigint NOT NULL,
  variant_id uuid NOT NULL,
  stock_number text NOT NULL,
  CONSTRAINT known_unit_pkey PRIMARY KEY (tenant_id, serial_unit_id)
);
CREATE INDEX known_unit_by_variant ON known_unit USING btree (tenant_id, variant_id);
ALTER TABLE known_unit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_unit FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_unit TO onecount_catalog;

CREATE TABLE label_print (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  spec jsonb NOT NULL,
  labels jsonb NOT NULL,
  skip integer NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT label_print_pkey PRIMARY KEY (tenant_id, id)
);
ALTER TABLE label_print ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON label_print FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON label_print TO onecount_catalog;

CREATE TABLE label_template (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  spec jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT label_template_pkey PRIMARY KEY (tenant_id, id)
);
ALTER TABLE label_template ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON label_template FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON label_template TO onecount_catalog;

CREATE TABLE media (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  "position" integer NOT NULL,
  url text NOT NULL,
  alt text,
  CONSTRAINT media_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT media_position_key UNIQUE (tenant_id, product_id, "position") DEFERRABLE,
  CONSTRAINT media_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id)
);
ALTER TABLE media ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON media FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON media TO onecount_catalog;
CREATE TRIGGER media_history_of_gone AFTER DELETE ON media REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION media_note();
CREATE TRIGGER media_history_of_new AFTER INSERT ON media REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION media_note();

CREATE TABLE media_file (
  tenant_id uuid NOT NULL,
  sha256 text NOT NULL,
  extension text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  size_bytes integer NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT media_file_pkey PRIMARY KEY (tenant_id, sha256),
  CONSTRAINT media_file_extension_known CHECK (extension = ANY (ARRAY['jpg'::text, 'png'::text, 'webp'::text, 'gif'::text, 'avif'::text])),
  CONSTRAINT media_file_has_extent CHECK (width > 0 AND height > 0 AND size_bytes > 0),
  CONSTRAINT media_file_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$'::text)
);
ALTER TABLE media_file ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON media_file FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON media_file TO onecount_catalog;

CREATE TABLE option_value_image (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  product_id uuid NOT NULL,
  option_name text NOT NULL,
  option_value text NOT NULL,
  media_id uuid NOT NULL,
  CONSTRAINT option_value_image_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT option_value_image_media_fkey FOREIGN KEY (tenant_id, media_id) REFERENCES media(tenant_id, id),
  CONSTRAINT option_value_image_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id)
);
CREATE INDEX option_value_image_by_media ON option_value_image USING btree (tenant_id, media_id);
CREATE UNIQUE INDEX option_value_image_key ON option_value_image USING btree (tenant_id, product_id, lower(option_name), lower(option_value));
ALTER TABLE option_value_image ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON option_value_image FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON option_value_image TO onecount_catalog;

CREATE TABLE outbox (
  tenant_id uuid NOT NULL,
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  event_id uuid DEFAULT uuidv7() NOT NULL,
  type text NOT NULL,
  aggregate_id text NOT NULL,
  sequence bigint NOT NULL,
  data json NOT NULL,
  traceparent text,
  occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  published_at timestamp with time zone,
  refused_reason text,
  CONSTRAINT outbox_pkey PRIMARY KEY (tenant_id, "position")
) WITH (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000);
CREATE INDEX outbox_occurred ON outbox USING brin (occurred_at);
CREATE INDEX outbox_unpublished ON outbox USING btree ("position") WHERE ((published_at IS NULL) AND (refused_reason IS NULL));
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_monitor ON outbox FOR ALL
  USING (current_setting('app.system'::text, true) = 'monitor'::text);
CREATE POLICY system_relay ON outbox FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY tenant_isolation ON outbox FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO onecount_catalog;

CREATE TABLE price_list (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  time_zone text NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT price_list_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT price_list_change_has_no_end CHECK (kind = 'SALE'::text OR ends_at IS NULL),
  CONSTRAINT price_list_ends_after_start CHECK (ends_at > starts_at),
  CONSTRAINT price_list_kind_known CHECK (kind = ANY (ARRAY['SALE'::text, 'PRICE_CHANGE'::text])),
  CONSTRAINT price_list_name_length CHECK (char_length(name) >= 1 AND char_length(name) <= 255)
);
ALTER TABLE price_list ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON price_list FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON price_list TO onecount_catalog;

CREATE TABLE price_list_entry (
  tenant_id uuid NOT NULL,
  price_list_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  currency_code character(3) NOT NULL,
  price_minor bigint NOT NULL,
  CONSTRAINT price_list_entry_pkey PRIMARY KEY (tenant_id, price_list_id, variant_id),
  CONSTRAINT price_list_entry_list_fkey FOREIGN KEY (tenant_id, price_list_id) REFERENCES price_list(tenant_id, id),
  CONSTRAINT price_list_entry_not_negative CHECK (price_minor >= 0),
  CONSTRAINT price_list_entry_variant_fkey FOREIGN KEY (tenant_id, variant_id) REFERENCES variant(tenant_id, id)
);
CREATE INDEX price_list_entry_by_variant ON price_list_entry USING btree (tenant_id, variant_id);
ALTER TABLE price_list_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON price_list_entry FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON price_list_entry TO onecount_catalog;

CREATE TABLE price_list_product (
  tenant_id uuid NOT NULL,
  price_list_id uuid NOT NULL,
  product_id uuid NOT NULL,
  due_at timestamp with time zone,
  is_applied boolean DEFAULT false NOT NULL,
  CONSTRAINT price_list_product_pkey PRIMARY KEY (tenant_id, price_list_id, product_id),
  CONSTRAINT price_list_product_list_fkey FOREIGN KEY (tenant_id, price_list_id) REFERENCES price_list(tenant_id, id),
  CONSTRAINT price_list_product_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id)
);
CREATE INDEX price_list_product_by_product ON price_list_product USING btree (tenant_id, product_id);
CREATE INDEX price_list_product_due ON price_list_product USING btree (due_at) WHERE (due_at IS NOT NULL);
ALTER TABLE price_list_product ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON price_list_product FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON price_list_product FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON price_list_product TO onecount_catalog;

CREATE TABLE product (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  handle text NOT NULL,
  title text NOT NULL,
  description_html text DEFAULT ''::text NOT NULL,
  vendor_id uuid,
  category_id uuid,
  product_type text,
  tags text[] DEFAULT '{}'::text[] NOT NULL,
  status text DEFAULT 'DRAFT'::text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  is_unlisted boolean DEFAULT false NOT NULL,
  product_group_id uuid,
  seo_title text,
  seo_description text,
  style_number text,
  metadata jsonb DEFAULT '[]'::jsonb NOT NULL,
  created_by text DEFAULT NULLIF(current_setting('app.actor'::text, true), ''::text),
  updated_by text DEFAULT NULLIF(current_setting('app.actor'::text, true), ''::text),
  is_listed_on_website boolean DEFAULT true NOT NULL,
  is_search_due boolean DEFAULT false NOT NULL,
  merged_into_id uuid,
  CONSTRAINT product_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT product_category_fkey FOREIGN KEY (tenant_id, category_id) REFERENCES category(tenant_id, id),
  CONSTRAINT product_group_fkey FOREIGN KEY (tenant_id, product_group_id) REFERENCES product_group(tenant_id, id),
  CONSTRAINT product_handle_form CHECK (handle = lower(handle) AND char_length(handle) >= 1 AND char_length(handle) <= 255),
  CONSTRAINT product_merged_into_fkey FOREIGN KEY (tenant_id, merged_into_id) REFERENCES product(tenant_id, id),
  CONSTRAINT product_merged_is_deleted CHECK (merged_into_id IS NULL OR deleted_at IS NOT NULL),
  CONSTRAINT product_metadata_size CHECK (jsonb_typeof(metadata) = 'array'::text AND octet_length(metadata::text) <= 65536),
  CONSTRAINT product_seo_length CHECK (char_length(seo_title) <= 255 AND char_length(seo_description) <= 1000),
  CONSTRAINT product_status_known CHECK (status = ANY (ARRAY['DRAFT'::text, 'ACTIVE'::text, 'ARCHIVED'::text])),
  CONSTRAINT product_style_number_length CHECK (char_length(style_number) >= 1 AND char_length(style_number) <= 100),
  CONSTRAINT product_title_length CHECK (char_length(title) >= 1 AND char_length(title) <= 255),
  CONSTRAINT product_vendor_fkey FOREIGN KEY (tenant_id, vendor_id) REFERENCES vendor(tenant_id, id)
);
CREATE INDEX product_by_category ON product USING btree (tenant_id, category_id, id) WHERE (category_id IS NOT NULL);
CREATE INDEX product_by_group ON product USING btree (tenant_id, product_group_id) WHERE (product_group_id IS NOT NULL);
CREATE INDEX product_by_vendor ON product USING btree (tenant_id, vendor_id, id);
CREATE UNIQUE INDEX product_handle_key ON product USING btree (tenant_id, handle) WHERE (deleted_at IS NULL);
CREATE INDEX product_search_due ON product USING btree (tenant_id, id) WHERE is_search_due;
ALTER TABLE product ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON product FOR SELECT
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON product FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product TO onecount_catalog;
CREATE TRIGGER product_history AFTER UPDATE ON product REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION product_change_note();

CREATE TABLE product_change (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  product_id uuid NOT NULL,
  variant_id uuid,
  changed_at timestamp with time zone DEFAULT now() NOT NULL,
  changed_by text DEFAULT NULLIF(current_setting('app.actor'::text, true), ''::text),
  field text NOT NULL,
  before jsonb,
  after jsonb,
  CONSTRAINT product_change_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX product_change_by_product ON product_change USING btree (tenant_id, product_id, id);
ALTER TABLE product_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_change FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON product_change TO onecount_catalog;
CREATE TRIGGER product_change_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON product_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE product_draft (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  step text NOT NULL,
  document text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_by text DEFAULT NULLIF(current_setting('app.actor'::text, true), ''::text),
  CONSTRAINT product_draft_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT product_draft_size CHECK (octet_length(document) <= 204800),
  CONSTRAINT product_draft_step_length CHECK (char_length(step) >= 1 AND char_length(step) <= 50)
);
ALTER TABLE product_draft ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_draft FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_draft TO onecount_catalog;

CREATE TABLE product_former_handle (
  tenant_id uuid NOT NULL,
  handle text NOT NULL,
  product_id uuid NOT NULL,
  left_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT product_former_handle_pkey PRIMARY KEY (tenant_id, handle),
  CONSTRAINT product_former_handle_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id)
);
CREATE INDEX product_former_handle_by_product ON product_former_handle USING btree (tenant_id, product_id);
ALTER TABLE product_former_handle ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_former_handle FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_former_handle TO onecount_catalog;

CREATE TABLE product_group (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT product_group_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT product_group_name_length CHECK (char_length(name) >= 1 AND char_length(name) <= 255)
);
CREATE UNIQUE INDEX product_group_name_key ON product_group USING btree (tenant_id, lower(name));
ALTER TABLE product_group ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_group FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_group TO onecount_catalog;

CREATE TABLE product_import (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  upload_id uuid NOT NULL,
  filename text NOT NULL,
  location_code text NOT NULL,
  currency_code character(3) NOT NULL,
  overwrite_existing boolean NOT NULL,
  status text DEFAULT 'QUEUED'::text NOT NULL,
  failure text,
  bytes_total bigint NOT NULL,
  bytes_read bigint DEFAULT 0 NOT NULL,
  rows_total integer,
  rows_read integer DEFAULT 0 NOT NULL,
  rows_imported integer DEFAULT 0 NOT NULL,
  rows_refused integer DEFAULT 0 NOT NULL,
  products_total integer,
  products_created integer DEFAULT 0 NOT NULL,
  products_updated integer DEFAULT 0 NOT NULL,
  products_refused integer DEFAULT 0 NOT NULL,
  variants_imported integer DEFAULT 0 NOT NULL,
  units_requested bigint DEFAULT 0 NOT NULL,
  row_errors_total integer DEFAULT 0 NOT NULL,
  columns_ignored text[] DEFAULT '{}'::text[] NOT NULL,
  lease_owner uuid,
  lease_expires_at timestamp with time zone,
  failures integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  row_warnings_total integer DEFAULT 0 NOT NULL,
  repeated_sku text DEFAULT 'REFUSE'::text NOT NULL,
  encoding text,
  separator text,
  format text,
  is_dry_run boolean DEFAULT false NOT NULL,
  existing_stock text DEFAULT 'KEEP'::text NOT NULL,
  warnings_refused text[] DEFAULT '{}'::text[] NOT NULL,
  column_mapping jsonb DEFAULT '[]'::jsonb NOT NULL,
  products_unchanged integer DEFAULT 0 NOT NULL,
  CONSTRAINT product_import_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT product_import_existing_stock_known CHECK (existing_stock = ANY (ARRAY['KEEP'::text, 'SET'::text])),
  CONSTRAINT product_import_failure_has_reason CHECK ((status = 'FAILED'::text) = (failure IS NOT NULL)),
  CONSTRAINT product_import_repeated_sku_known CHECK (repeated_sku = ANY (ARRAY['NUMBER'::text, 'REFUSE'::text])),
  CONSTRAINT product_import_status_known CHECK (status = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text, 'COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])),
  CONSTRAINT product_import_upload_fkey FOREIGN KEY (tenant_id, upload_id) REFERENCES upload(tenant_id, id),
  CONSTRAINT product_import_upload_key UNIQUE (tenant_id, upload_id)
);
CREATE INDEX product_import_open ON product_import USING btree (created_at) WHERE (status = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text]));
ALTER TABLE product_import ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_monitor ON product_import FOR ALL
  USING (current_setting('app.system'::text, true) = 'monitor'::text);
CREATE POLICY system_sweeper ON product_import FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON product_import FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_import TO onecount_catalog;

CREATE TABLE product_import_group (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  group_key text NOT NULL,
  outcome text NOT NULL,
  product_id uuid,
  CONSTRAINT product_import_group_pkey PRIMARY KEY (tenant_id, import_id, group_key),
  CONSTRAINT product_import_group_import_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES product_import(tenant_id, id),
  CONSTRAINT product_import_group_outcome_known CHECK (outcome = ANY (ARRAY['CREATED'::text, 'UPDATED'::text, 'UNCHANGED'::text, 'REFUSED'::text, 'LIST'::text]))
);
ALTER TABLE product_import_group ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_import_group FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_import_group TO onecount_catalog;

CREATE TABLE product_import_mapping (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  columns jsonb NOT NULL,
  saved_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT product_import_mapping_pkey PRIMARY KEY (tenant_id, name),
  CONSTRAINT product_import_mapping_is_list CHECK (jsonb_typeof(columns) = 'array'::text),
  CONSTRAINT product_import_mapping_name_length CHECK (char_length(name) >= 1 AND char_length(name) <= 100)
);
ALTER TABLE product_import_mapping ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_import_mapping FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_import_mapping TO onecount_catalog;

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
  severity text DEFAULT 'ERROR'::text NOT NULL,
  line_number integer,
  CONSTRAINT product_import_row_error_pkey PRIMARY KEY (tenant_id, import_id, id),
  CONSTRAINT product_import_row_error_import_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES product_import(tenant_id, id),
  CONSTRAINT product_import_row_error_severity_known CHECK (severity = ANY (ARRAY['ERROR'::text, 'WARNING'::text]))
);
ALTER TABLE product_import_row_error ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_import_row_error FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON product_import_row_error TO onecount_catalog;
CREATE TRIGGER product_import_row_error_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON product_import_row_error FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE product_option (
  tenant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  "position" smallint NOT NULL,
  name text NOT NULL,
  option_values text[] NOT NULL,
  CONSTRAINT product_option_pkey PRIMARY KEY (tenant_id, product_id, "position"),
  CONSTRAINT product_option_at_most_three CHECK ("position" >= 1 AND "position" <= 3),
  CONSTRAINT product_option_has_values CHECK (cardinality(option_values) >= 1),
  CONSTRAINT product_option_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id)
);
CREATE UNIQUE INDEX product_option_name_key ON product_option USING btree (tenant_id, product_id, lower(name));
ALTER TABLE product_option ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_option FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_option TO onecount_catalog;
CREATE TRIGGER option_values_history AFTER UPDATE ON product_option REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION option_values_note();

CREATE TABLE product_refresh (
  tenant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  requested_at timestamp with time zone DEFAULT now() NOT NULL,
  is_change boolean DEFAULT true NOT NULL,
  CONSTRAINT product_refresh_pkey PRIMARY KEY (tenant_id, product_id),
  CONSTRAINT product_refresh_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id)
);
CREATE INDEX product_refresh_due ON product_refresh USING btree (requested_at);
ALTER TABLE product_refresh ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON product_refresh FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON product_refresh FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_refresh TO onecount_catalog;

CREATE TABLE product_search (
  tenant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  title_key text COLLATE "C" NOT NULL,
  price_key bigint NOT NULL,
  currency_code character(3),
  updated_at timestamp(3) with time zone NOT NULL,
  terms text[] NOT NULL,
  document tsvector NOT NULL,
  CONSTRAINT product_search_pkey PRIMARY KEY (tenant_id, product_id)
);
CREATE INDEX product_search_by_price ON product_search USING btree (tenant_id, price_key, product_id);
CREATE INDEX product_search_by_title ON product_search USING btree (tenant_id, title_key, product_id);
CREATE INDEX product_search_by_update ON product_search USING btree (tenant_id, updated_at, product_id);
ALTER TABLE product_search ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_search FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_search TO onecount_catalog;

CREATE TABLE product_word (
  tenant_id uuid NOT NULL,
  word text COLLATE "C" NOT NULL,
  product_id uuid NOT NULL,
  CONSTRAINT product_word_pkey PRIMARY KEY (tenant_id, word, product_id)
);
ALTER TABLE product_word ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON product_word FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON product_word TO onecount_catalog;

CREATE TABLE search_gram (
  tenant_id uuid NOT NULL,
  gram text COLLATE "C" NOT NULL,
  word text COLLATE "C" NOT NULL,
  CONSTRAINT search_gram_pkey PRIMARY KEY (tenant_id, gram, word)
);
ALTER TABLE search_gram ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON search_gram FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON search_gram TO onecount_catalog;

CREATE TABLE sku_abbreviation (
  tenant_id uuid NOT NULL,
  value_key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  abbreviation text NOT NULL,
  CONSTRAINT sku_abbreviation_pkey PRIMARY KEY (tenant_id, value_key),
  CONSTRAINT sku_abbreviation_form CHECK (abbreviation ~ '^[A-Z0-9.]{1,20}$'::text)
);
ALTER TABLE sku_abbreviation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sku_abbreviation FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON sku_abbreviation TO onecount_catalog;

CREATE TABLE stock_command (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid,
  import_id uuid,
  idempotency_key text NOT NULL,
  items jsonb NOT NULL,
  lines jsonb NOT NULL,
  units bigint NOT NULL,
  status text DEFAULT 'PENDING'::text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
  reason text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  settled_at timestamp with time zone,
  counts jsonb,
  is_overwriting boolean DEFAULT false NOT NULL,
  bundle_id uuid,
  CONSTRAINT stock_command_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_command_is_about_something CHECK ((product_id IS NULL) = (counts IS NOT NULL)),
  CONSTRAINT stock_command_key UNIQUE (tenant_id, idempotency_key),
  CONSTRAINT stock_command_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id),
  CONSTRAINT stock_command_refusal_has_reason CHECK (status <> 'REFUSED'::text OR reason IS NOT NULL),
  CONSTRAINT stock_command_status_known CHECK (status = ANY (ARRAY['PENDING'::text, 'DELIVERED'::text, 'REFUSED'::text]))
);
CREATE INDEX stock_command_by_bundle ON stock_command USING btree (tenant_id, bundle_id) WHERE (bundle_id IS NOT NULL);
CREATE INDEX stock_command_by_import ON stock_command USING btree (tenant_id, import_id) WHERE (import_id IS NOT NULL);
CREATE INDEX stock_command_by_product ON stock_command USING btree (tenant_id, product_id);
CREATE INDEX stock_command_due ON stock_command USING btree (next_attempt_at) WHERE (status = 'PENDING'::text);
ALTER TABLE stock_command ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_monitor ON stock_command FOR ALL
  USING (current_setting('app.system'::text, true) = 'monitor'::text);
CREATE POLICY system_sweeper ON stock_command FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON stock_command FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stock_command TO onecount_catalog;

CREATE TABLE upload (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  filename text NOT NULL,
  size_bytes_declared bigint,
  size_bytes bigint,
  sha256 text,
  status text DEFAULT 'WAITING'::text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  received_at timestamp with time zone,
  purpose text DEFAULT 'IMPORT'::text NOT NULL,
  CONSTRAINT upload_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT upload_purpose_known CHECK (purpose = ANY (ARRAY['IMPORT'::text, 'PICTURE'::text])),
  CONSTRAINT upload_received_is_measured CHECK (status <> 'RECEIVED'::text OR size_bytes IS NOT NULL AND sha256 IS NOT NULL),
  CONSTRAINT upload_status_known CHECK (status = ANY (ARRAY['WAITING'::text, 'RECEIVED'::text]))
);
ALTER TABLE upload ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON upload FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON upload TO onecount_catalog;

CREATE TABLE variant (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  "position" integer NOT NULL,
  sku text NOT NULL,
  barcode text,
  title text NOT NULL,
  option_values text[] DEFAULT '{}'::text[] NOT NULL,
  currency_code character(3),
  price_minor bigint,
  compare_at_price_minor bigint,
  cost_minor bigint,
  tracking text NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  is_taxable boolean DEFAULT true NOT NULL,
  requires_shipping boolean DEFAULT true NOT NULL,
  weight_grams integer,
  media_id uuid,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  stock_version bigint DEFAULT 0 NOT NULL,
  sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED,
  barcode_key text COLLATE "C" GENERATED ALWAYS AS (code_key(barcode)) STORED,
  removed_at timestamp with time zone,
  tax_code text,
  list_price_minor bigint,
  price_list_id uuid,
  weight_unit text DEFAULT 'GRAM'::text NOT NULL,
  CONSTRAINT variant_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT variant_list_price_of_a_list CHECK ((list_price_minor IS NULL) = (price_list_id IS NULL)),
  CONSTRAINT variant_media_fkey FOREIGN KEY (tenant_id, media_id) REFERENCES media(tenant_id, id),
  CONSTRAINT variant_money_has_currency CHECK (currency_code IS NOT NULL OR price_minor IS NULL AND compare_at_price_minor IS NULL AND cost_minor IS NULL),
  CONSTRAINT variant_money_not_negative CHECK (COALESCE(price_minor, 0::bigint) >= 0 AND COALESCE(compare_at_price_minor, 0::bigint) >= 0 AND COALESCE(cost_minor, 0::bigint) >= 0),
  CONSTRAINT variant_option_values_count CHECK (cardinality(option_values) <= 3),
  CONSTRAINT variant_price_list_fkey FOREIGN KEY (tenant_id, price_list_id) REFERENCES price_list(tenant_id, id),
  CONSTRAINT variant_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product(tenant_id, id),
  CONSTRAINT variant_sku_length CHECK (char_length(sku) >= 1 AND char_length(sku) <= 255),
  CONSTRAINT variant_tax_code_length CHECK (char_length(tax_code) >= 1 AND char_length(tax_code) <= 50),
  CONSTRAINT variant_tracking_known CHECK (tracking = ANY (ARRAY['NONE'::text, 'QUANTITY'::text, 'SERIAL'::text])),
  CONSTRAINT variant_weight_not_negative CHECK (weight_grams >= 0),
  CONSTRAINT variant_weight_unit_known CHECK (weight_unit = ANY (ARRAY['GRAM'::text, 'KILOGRAM'::text, 'OUNCE'::text, 'POUND'::text]))
);
CREATE UNIQUE INDEX variant_barcode_key ON variant USING btree (tenant_id, barcode_key) WHERE (removed_at IS NULL);
CREATE INDEX variant_by_product ON variant USING btree (tenant_id, product_id, "position");
CREATE UNIQUE INDEX variant_option_values_key ON variant USING btree (tenant_id, product_id, option_values) WHERE (removed_at IS NULL);
CREATE UNIQUE INDEX variant_sku_key ON variant USING btree (tenant_id, sku_key);
ALTER TABLE variant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON variant FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON variant TO onecount_catalog;
CREATE TRIGGER variant_history AFTER UPDATE ON variant REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION product_change_note();
CREATE TRIGGER variant_history_of_new AFTER INSERT ON variant REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION variant_added_note();

CREATE TABLE variant_sales (
  tenant_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  quantity_sold bigint DEFAULT 0 NOT NULL,
  last_sold_at timestamp with time zone,
  CONSTRAINT variant_sales_pkey PRIMARY KEY (tenant_id, variant_id)
);
ALTER TABLE variant_sales ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON variant_sales FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON variant_sales TO onecount_catalog;

CREATE TABLE variant_stock (
  tenant_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  item_version bigint DEFAULT 0 NOT NULL,
  low_stock_threshold integer DEFAULT 1 NOT NULL,
  is_in_stock boolean DEFAULT false NOT NULL,
  is_low boolean DEFAULT true NOT NULL,
  is_search_due boolean DEFAULT false NOT NULL,
  CONSTRAINT variant_stock_pkey PRIMARY KEY (tenant_id, variant_id)
);
CREATE INDEX variant_stock_search_due ON variant_stock USING btree (tenant_id, variant_id) WHERE is_search_due;
ALTER TABLE variant_stock ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON variant_stock FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON variant_stock FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON variant_stock TO onecount_catalog;

CREATE TABLE vendor (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  code text,
  CONSTRAINT vendor_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT vendor_code_form CHECK (code ~ '^[A-Z0-9]{3}$'::text),
  CONSTRAINT vendor_name_length CHECK (char_length(name) >= 1 AND char_length(name) <= 255)
);
CREATE UNIQUE INDEX vendor_code_key ON vendor USING btree (tenant_id, code);
CREATE UNIQUE INDEX vendor_name_key ON vendor USING btree (tenant_id, lower(name));
ALTER TABLE vendor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON vendor FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON vendor TO onecount_catalog;
