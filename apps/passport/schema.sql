-- The database of passport as its migrations leave it; functions are files below src.
-- Written by npm run schema, compared by npm run schema:check.

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
GRANT DELETE, INSERT, SELECT, UPDATE ON dead_event TO onecount_passport;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_record TO onecount_passport;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON inbox TO onecount_passport;

CREATE TABLE known_product (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  title text NOT NULL,
  vendor text,
  category text,
  product_type text,
  CONSTRAINT known_product_pkey PRIMARY KEY (tenant_id, id)
);
ALTER TABLE known_product ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_product FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_product TO onecount_passport;

CREATE TABLE known_unit (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  variant_id uuid,
  sku text NOT NULL,
  serial text,
  stock_number text,
  status text NOT NULL,
  certificate jsonb,
  attributes jsonb NOT NULL,
  photos jsonb NOT NULL,
  received_at timestamp with time zone NOT NULL,
  sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED,
  stock_number_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(stock_number)) STORED,
  CONSTRAINT known_unit_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX known_unit_by_serial ON known_unit USING btree (tenant_id, sku_key, serial);
CREATE INDEX known_unit_by_stock_number ON known_unit USING btree (tenant_id, sku_key, stock_number_key);
ALTER TABLE known_unit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_unit FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_unit TO onecount_passport;

CREATE TABLE known_variant (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  full_title text NOT NULL,
  barcode text,
  product_version bigint DEFAULT 0 NOT NULL,
  CONSTRAINT known_variant_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX known_variant_by_product ON known_variant USING btree (tenant_id, product_id);
ALTER TABLE known_variant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_variant FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_variant TO onecount_passport;

CREATE TABLE lifecycle_record (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  serial_unit_id uuid NOT NULL,
  kind text NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  reference_id uuid NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT lifecycle_record_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT lifecycle_record_kind_known CHECK (kind = ANY (ARRAY['RECEIVED'::text, 'PASSPORT_ISSUED'::text, 'SOLD'::text, 'RETURNED'::text])),
  CONSTRAINT lifecycle_record_once UNIQUE (tenant_id, serial_unit_id, kind, reference_id)
);
CREATE INDEX lifecycle_record_by_time ON lifecycle_record USING btree (tenant_id, serial_unit_id, occurred_at, id);
ALTER TABLE lifecycle_record ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_public_page ON lifecycle_record FOR SELECT
  USING (current_setting('app.system'::text, true) = 'public-page'::text);
CREATE POLICY tenant_isolation ON lifecycle_record FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON lifecycle_record TO onecount_passport;
CREATE TRIGGER lifecycle_record_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON lifecycle_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO onecount_passport;

CREATE TABLE passport (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  serial_unit_id uuid NOT NULL,
  version bigint DEFAULT 1 NOT NULL,
  status text NOT NULL,
  credential text NOT NULL,
  issued_at timestamp with time zone NOT NULL,
  issued_by text NOT NULL,
  CONSTRAINT passport_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT passport_status_known CHECK (status = ANY (ARRAY['ACTIVE'::text, 'REVOKED'::text]))
);
CREATE UNIQUE INDEX passport_one_active_per_unit ON passport USING btree (tenant_id, serial_unit_id) WHERE (status = 'ACTIVE'::text);
CREATE INDEX passport_public_lookup ON passport USING btree (id);
CREATE INDEX passport_public_unit_lookup ON passport USING btree (serial_unit_id);
ALTER TABLE passport ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_public_page ON passport FOR SELECT
  USING (current_setting('app.system'::text, true) = 'public-page'::text);
CREATE POLICY tenant_isolation ON passport FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON passport TO onecount_passport;
