-- The database of workshop as its migrations leave it; functions are files below src.
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
GRANT DELETE, INSERT, SELECT, UPDATE ON dead_event TO onecount_workshop;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_record TO onecount_workshop;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON inbox TO onecount_workshop;

CREATE TABLE known_unit (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  sku text NOT NULL,
  serial text,
  stock_number text,
  status text NOT NULL,
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
GRANT DELETE, INSERT, SELECT, UPDATE ON known_unit TO onecount_workshop;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO onecount_workshop;

CREATE TABLE repair (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  version bigint DEFAULT 1 NOT NULL,
  ticket_number text NOT NULL,
  kind text NOT NULL,
  serial_unit_id uuid,
  piece_description text,
  work_requested text NOT NULL,
  customer_name text,
  customer_phone text,
  stage text NOT NULL,
  opened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  opened_by text NOT NULL,
  stage_changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT repair_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT repair_kind_known CHECK (kind = ANY (ARRAY['KNOWN_UNIT'::text, 'CUSTOMER_PIECE'::text])),
  CONSTRAINT repair_piece_named CHECK (kind = 'KNOWN_UNIT'::text AND serial_unit_id IS NOT NULL AND piece_description IS NULL OR kind = 'CUSTOMER_PIECE'::text AND serial_unit_id IS NULL AND piece_description IS NOT NULL),
  CONSTRAINT repair_stage_known CHECK (stage = ANY (ARRAY['INTAKE'::text, 'QUOTED'::text, 'IN_PROGRESS'::text, 'READY'::text, 'COLLECTED'::text, 'CANCELLED'::text])),
  CONSTRAINT repair_ticket_number_once UNIQUE (tenant_id, ticket_number)
);
CREATE INDEX repair_by_stage ON repair USING btree (tenant_id, stage, id);
CREATE INDEX repair_by_unit ON repair USING btree (tenant_id, serial_unit_id, id) WHERE (serial_unit_id IS NOT NULL);
ALTER TABLE repair ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON repair FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON repair TO onecount_workshop;

CREATE TABLE ticket_counter (
  tenant_id uuid NOT NULL,
  last_number bigint NOT NULL,
  CONSTRAINT ticket_counter_pkey PRIMARY KEY (tenant_id)
);
ALTER TABLE ticket_counter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON ticket_counter FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON ticket_counter TO onecount_workshop;

CREATE TABLE unit_sale (
  tenant_id uuid NOT NULL,
  serial_unit_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  sold_at timestamp with time zone NOT NULL,
  CONSTRAINT unit_sale_pkey PRIMARY KEY (tenant_id, serial_unit_id)
);
ALTER TABLE unit_sale ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON unit_sale FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON unit_sale TO onecount_workshop;
