-- The database of storefront-sync as its migrations leave it; functions are files below src.
-- Written by npm run schema, compared by npm run schema:check.

CREATE TABLE connection (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  webhook_url text NOT NULL,
  webhook_secret text NOT NULL,
  location_codes text[],
  requires_photo boolean DEFAULT false NOT NULL,
  status text DEFAULT 'ACTIVE'::text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  failing_since timestamp with time zone,
  failures integer DEFAULT 0 NOT NULL,
  retry_at timestamp with time zone,
  last_error text,
  CONSTRAINT connection_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT connection_kind_known CHECK (kind = 'WEBHOOK'::text),
  CONSTRAINT connection_name_once UNIQUE (tenant_id, name),
  CONSTRAINT connection_status_known CHECK (status = ANY (ARRAY['ACTIVE'::text, 'PAUSED'::text, 'SUSPENDED'::text]))
);
ALTER TABLE connection ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON connection FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON connection FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON connection TO onecount_storefront_sync;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON dead_event TO onecount_storefront_sync;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_record TO onecount_storefront_sync;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON inbox TO onecount_storefront_sync;

CREATE TABLE known_level (
  tenant_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id uuid NOT NULL,
  sku text NOT NULL,
  location_code text NOT NULL,
  available bigint NOT NULL,
  version bigint NOT NULL,
  sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED,
  CONSTRAINT known_level_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id)
);
CREATE INDEX known_level_by_sku ON known_level USING btree (tenant_id, sku_key);
ALTER TABLE known_level ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_level FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_level TO onecount_storefront_sync;

CREATE TABLE known_product (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT known_product_pkey PRIMARY KEY (tenant_id, id)
);
ALTER TABLE known_product ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_product FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_product TO onecount_storefront_sync;

CREATE TABLE known_variant (
  tenant_id uuid NOT NULL,
  sku text NOT NULL,
  variant_id uuid,
  product_id uuid,
  title text DEFAULT ''::text NOT NULL,
  is_tracked boolean DEFAULT true NOT NULL,
  is_sellable boolean DEFAULT false NOT NULL,
  has_photo boolean DEFAULT false NOT NULL,
  sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED NOT NULL,
  CONSTRAINT known_variant_pkey PRIMARY KEY (tenant_id, sku_key)
);
CREATE INDEX known_variant_by_product ON known_variant USING btree (tenant_id, product_id);
ALTER TABLE known_variant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_variant FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_variant TO onecount_storefront_sync;

CREATE TABLE listing (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  connection_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  sku text NOT NULL,
  title text NOT NULL,
  is_tracked boolean NOT NULL,
  is_listed boolean NOT NULL,
  available bigint NOT NULL,
  version bigint DEFAULT 1 NOT NULL,
  delivered_version bigint DEFAULT 0 NOT NULL,
  delivered_at timestamp with time zone,
  attempts integer DEFAULT 0 NOT NULL,
  next_attempt_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  last_error text,
  lease_id uuid,
  leased_until timestamp with time zone,
  CONSTRAINT listing_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT listing_available_not_negative CHECK (available >= 0),
  CONSTRAINT listing_connection FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, id),
  CONSTRAINT listing_delivered_not_ahead CHECK (delivered_version <= version),
  CONSTRAINT listing_once UNIQUE (tenant_id, connection_id, variant_id)
);
CREATE INDEX listing_by_variant ON listing USING btree (tenant_id, variant_id);
CREATE INDEX listing_due ON listing USING btree (next_attempt_at) WHERE (delivered_version < version);
ALTER TABLE listing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON listing FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON listing FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON listing TO onecount_storefront_sync;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO onecount_storefront_sync;
