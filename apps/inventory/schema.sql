-- The database of inventory as its migrations leave it; functions are files below src.
-- Written by npm run schema, compared by npm run schema:check.

CREATE TABLE cost_layer (
  tenant_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  movement_id uuid,
  received_at timestamp with time zone NOT NULL,
  currency text NOT NULL,
  quantity integer NOT NULL,
  cost_minor bigint NOT NULL,
  sold_ahead integer NOT NULL,
  sold_ahead_minor bigint NOT NULL,
  remaining integer NOT NULL,
  remaining_minor bigint NOT NULL,
  closed_at timestamp with time zone,
  CONSTRAINT cost_layer_pkey PRIMARY KEY (tenant_id, stock_item_id, "position"),
  CONSTRAINT cost_layer_closed CHECK ((closed_at IS NULL) = (remaining > 0)),
  CONSTRAINT cost_layer_cost CHECK (cost_minor >= 0),
  CONSTRAINT cost_layer_empty CHECK (remaining > 0 OR remaining_minor = 0),
  CONSTRAINT cost_layer_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT cost_layer_quantity CHECK (quantity > 0),
  CONSTRAINT cost_layer_remaining CHECK (remaining >= 0 AND remaining <= (quantity - sold_ahead)),
  CONSTRAINT cost_layer_remaining_minor CHECK (remaining_minor >= 0 AND remaining_minor <= (cost_minor - sold_ahead_minor)),
  CONSTRAINT cost_layer_sold_ahead CHECK (sold_ahead >= 0 AND sold_ahead <= quantity),
  CONSTRAINT cost_layer_sold_ahead_minor CHECK (sold_ahead_minor >= 0 AND sold_ahead_minor <= cost_minor)
) WITH (fillfactor=70);
CREATE INDEX cost_layer_open ON cost_layer USING btree (tenant_id, stock_item_id, "position") WHERE (closed_at IS NULL);
ALTER TABLE cost_layer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON cost_layer FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON cost_layer TO onecount_inventory;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON dead_event TO onecount_inventory;

CREATE TABLE hold (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  kind text NOT NULL,
  status text DEFAULT 'LIVE'::text NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id uuid NOT NULL,
  quantity integer NOT NULL,
  serial_unit_id uuid,
  expires_at timestamp with time zone,
  purpose text NOT NULL,
  channel text,
  subject text NOT NULL,
  reference_kind text,
  reference_id text,
  line_id text,
  part integer DEFAULT 0 NOT NULL,
  idempotency_key text,
  input_hash text,
  release_key text,
  created_at timestamp with time zone NOT NULL,
  settled_at timestamp with time zone,
  split_from uuid,
  allocated_at timestamp with time zone,
  secret_hash text,
  line_version integer,
  CONSTRAINT hold_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT hold_allocated CHECK (allocated_at IS NULL OR serial_unit_id IS NOT NULL),
  CONSTRAINT hold_expiry CHECK ((kind = 'SOFT'::text) = (expires_at IS NOT NULL)),
  CONSTRAINT hold_kind CHECK (kind = ANY (ARRAY['SOFT'::text, 'HARD'::text])),
  CONSTRAINT hold_level_fkey FOREIGN KEY (tenant_id, stock_item_id, location_id) REFERENCES level(tenant_id, stock_item_id, location_id),
  CONSTRAINT hold_quantity CHECK (quantity > 0),
  CONSTRAINT hold_sale_line CHECK (reference_kind IS DISTINCT FROM 'SALE'::text OR reference_id IS NOT NULL AND line_id IS NOT NULL),
  CONSTRAINT hold_settled CHECK ((status = 'LIVE'::text) = (settled_at IS NULL)),
  CONSTRAINT hold_status CHECK (status = ANY (ARRAY['LIVE'::text, 'SOLD'::text, 'RELEASED'::text, 'EXPIRED'::text])),
  CONSTRAINT hold_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit(tenant_id, id),
  CONSTRAINT hold_unit_quantity CHECK (serial_unit_id IS NULL OR quantity = 1)
);
CREATE INDEX hold_by_item ON hold USING btree (tenant_id, stock_item_id, id);
CREATE INDEX hold_by_reference ON hold USING btree (tenant_id, reference_id, id) WHERE (reference_id IS NOT NULL);
CREATE UNIQUE INDEX hold_idempotency_key ON hold USING btree (tenant_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX hold_live_by_expiry ON hold USING btree (expires_at) WHERE ((status = 'LIVE'::text) AND (expires_at IS NOT NULL));
CREATE INDEX hold_live_by_level ON hold USING btree (tenant_id, stock_item_id, location_id, expires_at) WHERE (status = 'LIVE'::text);
CREATE UNIQUE INDEX hold_one_claim_per_line ON hold USING btree (tenant_id, reference_kind, reference_id, line_id, part) WHERE ((status = ANY (ARRAY['LIVE'::text, 'SOLD'::text])) AND (reference_id IS NOT NULL));
CREATE UNIQUE INDEX hold_one_claim_per_unit ON hold USING btree (tenant_id, serial_unit_id) WHERE ((status = ANY (ARRAY['LIVE'::text, 'SOLD'::text])) AND (serial_unit_id IS NOT NULL));
CREATE UNIQUE INDEX hold_release_key ON hold USING btree (tenant_id, release_key) WHERE (release_key IS NOT NULL);
CREATE INDEX hold_settled_by_level ON hold USING btree (tenant_id, stock_item_id, location_id, settled_at) WHERE (status <> 'LIVE'::text);
CREATE INDEX hold_unit ON hold USING btree (tenant_id, serial_unit_id, id) WHERE (serial_unit_id IS NOT NULL);
ALTER TABLE hold ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON hold FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY system_sweeper ON hold FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON hold FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON hold TO onecount_inventory;

CREATE TABLE hold_takeover (
  tenant_id uuid NOT NULL,
  hold_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  line_id text NOT NULL,
  ground text NOT NULL,
  reason text,
  taken_by text NOT NULL,
  taken_at timestamp with time zone NOT NULL,
  subject text NOT NULL,
  purpose text NOT NULL,
  channel text,
  reference_kind text,
  reference_id text,
  part integer NOT NULL,
  expires_at timestamp with time zone,
  CONSTRAINT hold_takeover_pkey PRIMARY KEY (tenant_id, hold_id),
  CONSTRAINT hold_takeover_ground CHECK (ground = ANY (ARRAY['OWN'::text, 'SECRET'::text, 'REASON'::text])),
  CONSTRAINT hold_takeover_hold_fkey FOREIGN KEY (tenant_id, hold_id) REFERENCES hold(tenant_id, id),
  CONSTRAINT hold_takeover_reason CHECK (ground <> 'REASON'::text OR reason IS NOT NULL)
);
ALTER TABLE hold_takeover ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON hold_takeover FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON hold_takeover TO onecount_inventory;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_record TO onecount_inventory;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON inbox TO onecount_inventory;

CREATE TABLE inventory_setting (
  tenant_id uuid NOT NULL,
  stock_number_pattern text,
  costing_method text DEFAULT 'WEIGHTED_AVERAGE'::text NOT NULL,
  over_receipt_percent integer DEFAULT 0 NOT NULL,
  allocation_rule text DEFAULT 'OLDEST'::text NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT inventory_setting_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT inventory_setting_allocation CHECK (allocation_rule = ANY (ARRAY['OLDEST'::text, 'NEWEST'::text])),
  CONSTRAINT inventory_setting_costing CHECK (costing_method = ANY (ARRAY['WEIGHTED_AVERAGE'::text, 'FIFO'::text])),
  CONSTRAINT inventory_setting_over_receipt CHECK (over_receipt_percent >= 0 AND over_receipt_percent <= 1000)
);
ALTER TABLE inventory_setting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON inventory_setting FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON inventory_setting TO onecount_inventory;

CREATE TABLE item_cost (
  tenant_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  currency text NOT NULL,
  quantity bigint DEFAULT 0 NOT NULL,
  average_minor bigint DEFAULT 0 NOT NULL,
  CONSTRAINT item_cost_pkey PRIMARY KEY (tenant_id, stock_item_id),
  CONSTRAINT item_cost_empty CHECK (quantity > 0 OR average_minor = 0),
  CONSTRAINT item_cost_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT item_cost_max CHECK (average_minor >= 0 AND average_minor <= '999999999999999'::bigint),
  CONSTRAINT item_cost_quantity CHECK (quantity >= 0)
) WITH (fillfactor=50);
ALTER TABLE item_cost ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON item_cost FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON item_cost TO onecount_inventory;

CREATE TABLE item_ledger_entry (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  stock_item_id uuid NOT NULL,
  serial_unit_id uuid,
  kind text NOT NULL,
  amount_minor bigint,
  currency_code text,
  quantity integer,
  category text,
  usage_kind text,
  usage_measure text,
  reading numeric(15,3),
  reading_base numeric(20,9) GENERATED ALWAYS AS ((reading *
CASE usage_measure
    WHEN 'MILES'::text THEN 1.609344
    ELSE (1)::numeric
END)) STORED,
  is_correction boolean DEFAULT false NOT NULL,
  what text,
  provider text,
  next_due_at timestamp(3) with time zone,
  next_due_kind text,
  next_due_measure text,
  next_due_reading numeric(15,3),
  next_due_base numeric(20,9) GENERATED ALWAYS AS ((next_due_reading *
CASE next_due_measure
    WHEN 'MILES'::text THEN 1.609344
    ELSE (1)::numeric
END)) STORED,
  note text,
  reason text,
  reference_kind text,
  reference_id text,
  line_id text,
  part integer,
  corrects_id uuid,
  subject_id uuid GENERATED ALWAYS AS (COALESCE(serial_unit_id, stock_item_id)) STORED,
  origin_id uuid GENERATED ALWAYS AS (COALESCE(corrects_id, id)) STORED,
  actor text NOT NULL,
  occurred_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT item_ledger_entry_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT item_ledger_amount CHECK (amount_minor >= 0 OR corrects_id IS NOT NULL OR line_id IS NOT NULL),
  CONSTRAINT item_ledger_corrected_once UNIQUE (tenant_id, corrects_id),
  CONSTRAINT item_ledger_correction CHECK (corrects_id IS NULL OR length(reason) > 0),
  CONSTRAINT item_ledger_corrects_fkey FOREIGN KEY (tenant_id, corrects_id) REFERENCES item_ledger_entry(tenant_id, id),
  CONSTRAINT item_ledger_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT item_ledger_kind CHECK (kind = ANY (ARRAY['INCOME'::text, 'EXPENSE'::text, 'USAGE'::text, 'MAINTENANCE'::text])),
  CONSTRAINT item_ledger_line CHECK (num_nulls(line_id, part) <> 1 AND (line_id IS NULL OR reference_id IS NOT NULL)),
  CONSTRAINT item_ledger_money CHECK ((amount_minor IS NULL) = (currency_code IS NULL)),
  CONSTRAINT item_ledger_next_due CHECK (next_due_reading >= 0::numeric),
  CONSTRAINT item_ledger_next_due_kind CHECK (next_due_kind = ANY (ARRAY['MILEAGE'::text, 'HOURS'::text])),
  CONSTRAINT item_ledger_not_ahead CHECK (line_id IS NOT NULL OR occurred_at <= (recorded_at + '00:01:00'::interval)),
  CONSTRAINT item_ledger_quantity CHECK (quantity > 0),
  CONSTRAINT item_ledger_reading CHECK (reading >= 0::numeric),
  CONSTRAINT item_ledger_shape CHECK (
CASE kind
    WHEN 'USAGE'::text THEN num_nulls(usage_kind, usage_measure, reading) = 0 AND amount_minor IS NULL AND (usage_kind = 'HOURS'::text) = (usage_measure = 'HOURS'::text) AND (NOT is_correction OR length(reason) > 0)
    WHEN 'MAINTENANCE'::text THEN length(what) > 0 AND (num_nulls(next_due_kind, next_due_measure, next_due_reading) = ANY (ARRAY[0, 3]))
    ELSE amount_minor IS NOT NULL AND length(category) > 0
END),
  CONSTRAINT item_ledger_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit(tenant_id, id),
  CONSTRAINT item_ledger_usage_kind CHECK (usage_kind = ANY (ARRAY['MILEAGE'::text, 'HOURS'::text])),
  CONSTRAINT item_ledger_usage_measure CHECK (usage_measure = ANY (ARRAY['KILOMETRES'::text, 'MILES'::text, 'HOURS'::text]))
);
CREATE INDEX item_ledger_item ON item_ledger_entry USING btree (tenant_id, stock_item_id, occurred_at, id);
CREATE INDEX item_ledger_maintenance ON item_ledger_entry USING btree (tenant_id, stock_item_id) WHERE (kind = 'MAINTENANCE'::text);
CREATE INDEX item_ledger_period ON item_ledger_entry USING btree (tenant_id, occurred_at, stock_item_id);
CREATE UNIQUE INDEX item_ledger_sale_once ON item_ledger_entry USING btree (tenant_id, reference_kind, reference_id, line_id, kind, part) WHERE (line_id IS NOT NULL);
CREATE INDEX item_ledger_unit ON item_ledger_entry USING btree (tenant_id, serial_unit_id, occurred_at, id) WHERE (serial_unit_id IS NOT NULL);
CREATE INDEX item_ledger_usage ON item_ledger_entry USING btree (tenant_id, subject_id, usage_kind, occurred_at, id) WHERE (kind = 'USAGE'::text);
ALTER TABLE item_ledger_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON item_ledger_entry FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON item_ledger_entry TO onecount_inventory;
CREATE TRIGGER item_ledger_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON item_ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE ledger_difference (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  kind text NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id uuid,
  serial_unit_id uuid,
  expected text NOT NULL,
  found text NOT NULL,
  found_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  gone_at timestamp with time zone,
  CONSTRAINT ledger_difference_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT ledger_difference_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id)
);
CREATE UNIQUE INDEX ledger_difference_open ON ledger_difference USING btree (tenant_id, stock_item_id, kind, location_id, serial_unit_id) NULLS NOT DISTINCT WHERE (gone_at IS NULL);
ALTER TABLE ledger_difference ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON ledger_difference FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON ledger_difference FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON ledger_difference TO onecount_inventory;

CREATE TABLE level (
  tenant_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id uuid NOT NULL,
  on_hand integer DEFAULT 0 NOT NULL,
  committed integer DEFAULT 0 NOT NULL,
  backorder_limit integer DEFAULT 0 NOT NULL,
  version bigint DEFAULT 0 NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT level_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id),
  CONSTRAINT level_available_floor CHECK ((on_hand - committed) >= (- backorder_limit)),
  CONSTRAINT level_backorder_limit CHECK (backorder_limit >= 0),
  CONSTRAINT level_committed_floor CHECK (committed >= 0),
  CONSTRAINT level_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT level_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location(tenant_id, id),
  CONSTRAINT level_on_hand_floor CHECK (on_hand >= (- backorder_limit)),
  CONSTRAINT level_on_hand_max CHECK (on_hand <= 100000000)
) WITH (fillfactor=50);
CREATE INDEX level_location ON level USING btree (tenant_id, location_id, stock_item_id);
ALTER TABLE level ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON level FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY system_sweeper ON level FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON level FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON level TO onecount_inventory;
CREATE TRIGGER level_takes_limit BEFORE INSERT ON level FOR EACH ROW EXECUTE FUNCTION level_takes_limit();

CREATE TABLE level_dirty (
  tenant_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id uuid NOT NULL,
  CONSTRAINT level_dirty_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id)
);
ALTER TABLE level_dirty ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON level_dirty FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY system_sweeper ON level_dirty FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON level_dirty FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON level_dirty TO onecount_inventory;

CREATE VIEW level_now WITH (security_invoker=true) AS
 SELECT l.tenant_id,
    l.stock_item_id,
    l.location_id,
    l.on_hand,
    l.committed - lapsed.quantity AS committed,
    l.on_hand - l.committed + lapsed.quantity AS available,
    l.backorder_limit,
    l.version,
    l.updated_at
   FROM level l
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN l.committed = 0 THEN 0
                    ELSE ( SELECT COALESCE(sum(h.quantity), 0::bigint)::integer AS "coalesce"
                       FROM hold h
                      WHERE h.tenant_id = l.tenant_id AND h.stock_item_id = l.stock_item_id AND h.location_id = l.location_id AND h.status = 'LIVE'::text AND h.expires_at <= statement_timestamp())
                END AS quantity
         OFFSET 0) lapsed;
GRANT SELECT ON level_now TO onecount_inventory;

CREATE TABLE location (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT location_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT location_code_form CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,15}$'::text),
  CONSTRAINT location_code_unique UNIQUE (tenant_id, code),
  CONSTRAINT location_name_length CHECK (length(name) >= 1 AND length(name) <= 255)
);
ALTER TABLE location ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON location FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY tenant_isolation ON location FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON location TO onecount_inventory;

CREATE TABLE location_balance (
  tenant_id uuid NOT NULL,
  location_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  on_hand bigint NOT NULL,
  CONSTRAINT location_balance_pkey PRIMARY KEY (tenant_id, location_id, as_of),
  CONSTRAINT location_balance_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location(tenant_id, id)
);
ALTER TABLE location_balance ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON location_balance FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON location_balance TO onecount_inventory;
CREATE TRIGGER location_balance_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON location_balance FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE low_stock_due (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  stock_item_id uuid NOT NULL,
  CONSTRAINT low_stock_due_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX low_stock_due_item ON low_stock_due USING btree (tenant_id, stock_item_id);
ALTER TABLE low_stock_due ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON low_stock_due FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY tenant_isolation ON low_stock_due FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON low_stock_due TO onecount_inventory;

CREATE TABLE low_stock_state (
  tenant_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  is_low boolean NOT NULL,
  since timestamp with time zone NOT NULL,
  version bigint DEFAULT 1 NOT NULL,
  CONSTRAINT low_stock_state_pkey PRIMARY KEY (tenant_id, stock_item_id),
  CONSTRAINT low_stock_state_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id)
);
CREATE INDEX low_stock_state_low ON low_stock_state USING btree (tenant_id, since DESC, stock_item_id) WHERE is_low;
ALTER TABLE low_stock_state ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON low_stock_state FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY tenant_isolation ON low_stock_state FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON low_stock_state TO onecount_inventory;

CREATE TABLE movement (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id uuid NOT NULL,
  serial_unit_id uuid,
  quantity integer NOT NULL,
  reason text NOT NULL,
  reference_kind text,
  reference_id text,
  line_id text,
  note text,
  actor text NOT NULL,
  unit_cost_minor bigint,
  unit_cost_currency text,
  resulting_on_hand integer NOT NULL,
  level_version bigint NOT NULL,
  occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  cost_minor bigint,
  cost_currency text,
  cost_quantity integer,
  CONSTRAINT movement_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT movement_cost CHECK (cost_minor >= 0),
  CONSTRAINT movement_cost_currency CHECK ((unit_cost_minor IS NULL) = (unit_cost_currency IS NULL)),
  CONSTRAINT movement_cost_minor_currency CHECK ((cost_minor IS NULL) = (cost_currency IS NULL)),
  CONSTRAINT movement_cost_of CHECK ((cost_minor IS NULL) = (cost_quantity IS NULL)),
  CONSTRAINT movement_cost_quantity CHECK (cost_quantity >= 1 AND cost_quantity <= abs(quantity)),
  CONSTRAINT movement_level_fkey FOREIGN KEY (tenant_id, stock_item_id, location_id) REFERENCES level(tenant_id, stock_item_id, location_id),
  CONSTRAINT movement_other_note CHECK (reason <> 'OTHER'::text OR length(note) > 0),
  CONSTRAINT movement_quantity CHECK (quantity <> 0),
  CONSTRAINT movement_reason CHECK (reason = ANY (ARRAY['OPENING'::text, 'RECEIPT'::text, 'SALE'::text, 'SALE_CORRECTION'::text, 'COUNT_CORRECTION'::text, 'DAMAGE'::text, 'LOSS'::text, 'RETURN'::text, 'FOUND'::text, 'REPAIR_CONSUMPTION'::text, 'TRANSFER'::text, 'OTHER'::text])),
  CONSTRAINT movement_unit_cost CHECK (unit_cost_minor >= 0),
  CONSTRAINT movement_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit(tenant_id, id),
  CONSTRAINT movement_unit_quantity CHECK (serial_unit_id IS NULL OR (quantity = ANY (ARRAY[1, '-1'::integer])))
);
CREATE INDEX movement_after_sale ON movement USING btree (tenant_id, reference_id, stock_item_id) WHERE ((reason = ANY (ARRAY['SALE_CORRECTION'::text, 'RETURN'::text])) AND (reference_kind = 'SALE'::text));
CREATE INDEX movement_came_back ON movement USING btree (tenant_id, occurred_at, stock_item_id) WHERE (reason = ANY (ARRAY['SALE_CORRECTION'::text, 'RETURN'::text]));
CREATE INDEX movement_goods_sold ON movement USING btree (tenant_id, stock_item_id, occurred_at) WHERE (reason = ANY (ARRAY['SALE'::text, 'SALE_CORRECTION'::text, 'RETURN'::text]));
CREATE INDEX movement_item ON movement USING btree (tenant_id, stock_item_id, "position");
CREATE INDEX movement_level ON movement USING btree (tenant_id, stock_item_id, location_id, level_version);
CREATE INDEX movement_level_recorded ON movement USING btree (tenant_id, stock_item_id, location_id, recorded_at, level_version);
CREATE INDEX movement_location_recorded ON movement USING btree (tenant_id, location_id, recorded_at) INCLUDE (quantity);
CREATE UNIQUE INDEX movement_sale_once ON movement USING btree (tenant_id, reference_kind, reference_id, line_id, stock_item_id, location_id, serial_unit_id) NULLS NOT DISTINCT WHERE (reason = 'SALE'::text);
CREATE INDEX movement_unit ON movement USING btree (tenant_id, serial_unit_id, "position") WHERE (serial_unit_id IS NOT NULL);
ALTER TABLE movement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON movement FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON movement TO onecount_inventory;
CREATE TRIGGER movement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER movement_cost BEFORE INSERT ON movement FOR EACH ROW EXECUTE FUNCTION movement_cost();

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
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO onecount_inventory;

CREATE TABLE reorder_rule (
  tenant_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  location_id uuid NOT NULL,
  point integer NOT NULL,
  quantity integer NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT reorder_rule_pkey PRIMARY KEY (tenant_id, stock_item_id, location_id),
  CONSTRAINT reorder_rule_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT reorder_rule_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location(tenant_id, id),
  CONSTRAINT reorder_rule_point CHECK (point >= 0 AND point <= 1000000),
  CONSTRAINT reorder_rule_quantity CHECK (quantity >= 1 AND quantity <= 1000000)
);
ALTER TABLE reorder_rule ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON reorder_rule FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON reorder_rule TO onecount_inventory;

CREATE TABLE republish (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  has_levels boolean NOT NULL,
  has_units boolean NOT NULL,
  has_movements boolean NOT NULL,
  level_item uuid,
  level_place uuid,
  unit_place uuid,
  movement_place uuid,
  movement_until uuid,
  queued bigint DEFAULT 0 NOT NULL,
  actor text NOT NULL,
  requested_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT republish_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT republish_something CHECK (has_levels OR has_units OR has_movements)
);
CREATE INDEX republish_open ON republish USING btree (tenant_id, id) WHERE (finished_at IS NULL);
ALTER TABLE republish ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON republish FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY tenant_isolation ON republish FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON republish TO onecount_inventory;

CREATE TABLE sale_claim (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  status text NOT NULL,
  answer jsonb,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT sale_claim_pkey PRIMARY KEY (tenant_id, sale_id),
  CONSTRAINT sale_claim_status CHECK (status = ANY (ARRAY['CLAIMED'::text, 'RELEASED'::text, 'APPLIED'::text]))
);
ALTER TABLE sale_claim ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_claim FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON sale_claim TO onecount_inventory;

CREATE TABLE sale_return_line (
  tenant_id uuid NOT NULL,
  return_id uuid NOT NULL,
  "position" integer NOT NULL,
  sale_id uuid NOT NULL,
  line_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  serial_unit_id uuid,
  quantity integer NOT NULL,
  disposition text NOT NULL,
  movement_id uuid NOT NULL,
  applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT sale_return_line_pkey PRIMARY KEY (tenant_id, return_id, "position"),
  CONSTRAINT sale_return_line_disposition CHECK (disposition = ANY (ARRAY['STOCK'::text, 'INSPECTION'::text, 'BENCH'::text, 'DAMAGED'::text])),
  CONSTRAINT sale_return_line_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT sale_return_line_movement_key UNIQUE (tenant_id, movement_id),
  CONSTRAINT sale_return_line_quantity CHECK (quantity > 0 AND (serial_unit_id IS NULL OR quantity = 1))
);
CREATE INDEX sale_return_line_by_sale_idx ON sale_return_line USING btree (tenant_id, sale_id);
ALTER TABLE sale_return_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_return_line FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON sale_return_line TO onecount_inventory;
CREATE TRIGGER sale_return_line_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON sale_return_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE serial_unit (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  stock_item_id uuid NOT NULL,
  serial text,
  stock_number text,
  certificate jsonb,
  attributes jsonb DEFAULT '[]'::jsonb NOT NULL,
  photos jsonb DEFAULT '[]'::jsonb NOT NULL,
  status text DEFAULT 'AVAILABLE'::text NOT NULL,
  location_id uuid NOT NULL,
  version bigint DEFAULT 1 NOT NULL,
  received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  sale_id uuid,
  sold_at timestamp with time zone,
  condition text,
  cost_minor bigint,
  cost_currency text,
  is_listed boolean DEFAULT false NOT NULL,
  predecessor_id uuid,
  has_passport boolean DEFAULT false NOT NULL,
  former_serial text,
  stock_number_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(stock_number)) STORED,
  serial_look_alike text COLLATE "C" GENERATED ALWAYS AS (serial_look_alike(serial)) STORED,
  is_look_alike boolean DEFAULT false NOT NULL,
  CONSTRAINT serial_unit_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT serial_unit_condition_length CHECK (length(condition) >= 1 AND length(condition) <= 255),
  CONSTRAINT serial_unit_cost CHECK (cost_minor >= 0),
  CONSTRAINT serial_unit_cost_currency CHECK ((cost_minor IS NULL) = (cost_currency IS NULL)),
  CONSTRAINT serial_unit_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT serial_unit_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location(tenant_id, id),
  CONSTRAINT serial_unit_named CHECK (num_nonnulls(serial, stock_number, former_serial) > 0),
  CONSTRAINT serial_unit_not_its_own CHECK (predecessor_id <> id),
  CONSTRAINT serial_unit_one_successor UNIQUE (tenant_id, predecessor_id),
  CONSTRAINT serial_unit_predecessor_fkey FOREIGN KEY (tenant_id, predecessor_id) REFERENCES serial_unit(tenant_id, id),
  CONSTRAINT serial_unit_serial_length CHECK (length(serial) >= 1 AND length(serial) <= 255),
  CONSTRAINT serial_unit_serial_unique UNIQUE (tenant_id, stock_item_id, serial),
  CONSTRAINT serial_unit_sold CHECK ((status = 'SOLD'::text) <= (sale_id IS NOT NULL AND sold_at IS NOT NULL)),
  CONSTRAINT serial_unit_status CHECK (status = ANY (ARRAY['AVAILABLE'::text, 'HELD'::text, 'SOLD'::text, 'IN_REPAIR'::text, 'IN_TRANSIT'::text, 'LOST'::text, 'SCRAPPED'::text, 'RETURNED'::text])),
  CONSTRAINT serial_unit_stock_number_length CHECK (length(stock_number) >= 1 AND length(stock_number) <= 255)
);
CREATE INDEX serial_unit_cost_in_stock ON serial_unit USING btree (tenant_id, stock_item_id) INCLUDE (cost_minor, cost_currency) WHERE ((cost_minor IS NOT NULL) AND (status <> ALL (ARRAY['SOLD'::text, 'LOST'::text, 'SCRAPPED'::text])));
CREATE INDEX serial_unit_free ON serial_unit USING btree (tenant_id, stock_item_id, location_id, received_at, id) WHERE (status = 'AVAILABLE'::text);
CREATE INDEX serial_unit_item ON serial_unit USING btree (tenant_id, stock_item_id, id);
CREATE INDEX serial_unit_location ON serial_unit USING btree (tenant_id, location_id, id);
CREATE INDEX serial_unit_rare_status ON serial_unit USING btree (tenant_id, status, id) WHERE (status <> ALL (ARRAY['AVAILABLE'::text, 'SOLD'::text]));
CREATE INDEX serial_unit_serial ON serial_unit USING btree (tenant_id, serial text_pattern_ops) WHERE (serial IS NOT NULL);
CREATE UNIQUE INDEX serial_unit_serial_look_alike ON serial_unit USING btree (tenant_id, stock_item_id, serial_look_alike) WHERE (NOT is_look_alike);
CREATE UNIQUE INDEX serial_unit_stock_number_unique ON serial_unit USING btree (tenant_id, stock_number_key);
ALTER TABLE serial_unit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON serial_unit FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY system_sweeper ON serial_unit FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON serial_unit FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON serial_unit TO onecount_inventory;
CREATE TRIGGER serial_unit_identity BEFORE UPDATE OF stock_number, stock_item_id ON serial_unit FOR EACH ROW WHEN (old.stock_item_id <> new.stock_item_id OR old.stock_number IS NOT NULL AND old.stock_number IS DISTINCT FROM new.stock_number) EXECUTE FUNCTION serial_unit_keeps_its_number();
CREATE TRIGGER serial_unit_no_delete BEFORE DELETE OR TRUNCATE ON serial_unit FOR EACH STATEMENT EXECUTE FUNCTION serial_unit_keeps_its_number();
CREATE TRIGGER serial_unit_transition BEFORE UPDATE OF status ON serial_unit FOR EACH ROW WHEN (old.status IS DISTINCT FROM new.status) EXECUTE FUNCTION serial_unit_keeps_to_transitions();

CREATE TABLE serial_unit_change (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  serial_unit_id uuid NOT NULL,
  kind text NOT NULL,
  from_status text,
  to_status text,
  location_id uuid,
  facts jsonb,
  reason text,
  note text,
  reference_kind text,
  reference_id text,
  actor text NOT NULL,
  occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT serial_unit_change_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT serial_unit_change_kind CHECK (kind = ANY (ARRAY['RECEIVED'::text, 'STATUS'::text, 'MOVED'::text, 'FACTS'::text, 'SUCCEEDED'::text, 'REGISTERED'::text, 'COLLAPSED'::text])),
  CONSTRAINT serial_unit_change_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit(tenant_id, id)
);
CREATE INDEX serial_unit_change_unit ON serial_unit_change USING btree (tenant_id, serial_unit_id, id);
ALTER TABLE serial_unit_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON serial_unit_change FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON serial_unit_change TO onecount_inventory;
CREATE TRIGGER serial_unit_change_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON serial_unit_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE VIEW serial_unit_now WITH (security_invoker=true) AS
 SELECT tenant_id,
    id,
    stock_item_id,
    serial,
    stock_number,
    certificate,
    attributes,
    photos,
        CASE
            WHEN status = 'HELD'::text AND (EXISTS ( SELECT 1
               FROM hold h
              WHERE h.tenant_id = u.tenant_id AND h.serial_unit_id = u.id AND h.status = 'LIVE'::text AND h.expires_at <= statement_timestamp())) THEN 'AVAILABLE'::text
            ELSE status
        END AS status,
    location_id,
    version,
    received_at,
    sale_id,
    sold_at,
    condition,
    cost_minor,
    cost_currency,
    is_listed,
    predecessor_id,
    has_passport
   FROM serial_unit u;
GRANT SELECT ON serial_unit_now TO onecount_inventory;

CREATE TABLE stock_code (
  tenant_id uuid NOT NULL,
  code text NOT NULL,
  stock_item_id uuid NOT NULL,
  serial_unit_id uuid,
  kind text DEFAULT 'TAG'::text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  actor text DEFAULT 'system'::text NOT NULL,
  note text,
  code_key text COLLATE "C" GENERATED ALWAYS AS (code_key(code)) STORED,
  CONSTRAINT stock_code_pkey PRIMARY KEY (tenant_id, code),
  CONSTRAINT stock_code_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT stock_code_kind CHECK (kind = ANY (ARRAY['TAG'::text, 'BARCODE'::text, 'RFID'::text, 'LEGACY'::text])),
  CONSTRAINT stock_code_length CHECK (length(code) >= 1 AND length(code) <= 255),
  CONSTRAINT stock_code_note_length CHECK (length(note) <= 1000),
  CONSTRAINT stock_code_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit(tenant_id, id)
);
CREATE INDEX stock_code_item ON stock_code USING btree (tenant_id, stock_item_id);
CREATE UNIQUE INDEX stock_code_key ON stock_code USING btree (tenant_id, code_key);
CREATE INDEX stock_code_unit ON stock_code USING btree (tenant_id, serial_unit_id) WHERE (serial_unit_id IS NOT NULL);
ALTER TABLE stock_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stock_code FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stock_code TO onecount_inventory;
CREATE TRIGGER stock_code_assigned AFTER INSERT ON stock_code REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION stock_code_assigned();
CREATE TRIGGER stock_code_moved AFTER UPDATE ON stock_code REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION stock_code_moved();
CREATE TRIGGER stock_code_retired AFTER DELETE ON stock_code REFERENCING OLD TABLE AS was_there FOR EACH STATEMENT EXECUTE FUNCTION stock_code_retired();

CREATE TABLE stock_code_change (
  tenant_id uuid NOT NULL,
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  code text NOT NULL,
  kind text NOT NULL,
  change text NOT NULL,
  from_stock_item_id uuid,
  from_serial_unit_id uuid,
  to_stock_item_id uuid,
  to_serial_unit_id uuid,
  note text,
  actor text NOT NULL,
  occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  code_key text COLLATE "C" GENERATED ALWAYS AS (code_key(code)) STORED,
  CONSTRAINT stock_code_change_pkey PRIMARY KEY (tenant_id, code, "position"),
  CONSTRAINT stock_code_change_change CHECK (change = ANY (ARRAY['ASSIGNED'::text, 'MOVED'::text, 'RETIRED'::text])),
  CONSTRAINT stock_code_change_from CHECK ((change = 'ASSIGNED'::text) = (from_stock_item_id IS NULL)),
  CONSTRAINT stock_code_change_to CHECK ((change = 'RETIRED'::text) = (to_stock_item_id IS NULL))
);
CREATE INDEX stock_code_change_key ON stock_code_change USING btree (tenant_id, code_key, "position");
ALTER TABLE stock_code_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stock_code_change FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON stock_code_change TO onecount_inventory;
CREATE TRIGGER stock_code_change_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stock_code_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE stock_item (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  variant_id uuid,
  sku text NOT NULL,
  title text NOT NULL,
  tracking text NOT NULL,
  low_stock_threshold integer DEFAULT 1 NOT NULL,
  backorder_limit integer DEFAULT 0 NOT NULL,
  source_version bigint DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  is_on_sale boolean DEFAULT false NOT NULL,
  category text,
  sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED,
  title_key text COLLATE "C" GENERATED ALWAYS AS (lower(("left"(title, 64) COLLATE pg_c_utf8))) STORED,
  version bigint DEFAULT 1 NOT NULL,
  CONSTRAINT stock_item_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_item_backorder CHECK (backorder_limit >= 0 AND (backorder_limit = 0 OR tracking = 'QUANTITY'::text)),
  CONSTRAINT stock_item_sku_length CHECK (length(sku) >= 1 AND length(sku) <= 255),
  CONSTRAINT stock_item_sku_unique UNIQUE (tenant_id, sku),
  CONSTRAINT stock_item_threshold CHECK (low_stock_threshold >= 0),
  CONSTRAINT stock_item_tracking CHECK (tracking = ANY (ARRAY['NONE'::text, 'QUANTITY'::text, 'SERIAL'::text])),
  CONSTRAINT stock_item_variant_unique UNIQUE (tenant_id, variant_id)
);
CREATE INDEX stock_item_category ON stock_item USING btree (tenant_id, category, sku) WHERE (category IS NOT NULL);
CREATE UNIQUE INDEX stock_item_sku_key ON stock_item USING btree (tenant_id, sku_key);
CREATE INDEX stock_item_title_key ON stock_item USING btree (tenant_id, title_key);
CREATE INDEX stock_item_tracking ON stock_item USING btree (tenant_id, tracking, sku);
CREATE INDEX stock_item_without_variant ON stock_item USING btree (tenant_id, sku) WHERE (variant_id IS NULL);
ALTER TABLE stock_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON stock_item FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY tenant_isolation ON stock_item FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stock_item TO onecount_inventory;
CREATE TRIGGER stock_item_low_stock_due AFTER UPDATE OF low_stock_threshold, tracking ON stock_item FOR EACH ROW WHEN (old.low_stock_threshold <> new.low_stock_threshold OR old.tracking <> new.tracking) EXECUTE FUNCTION stock_item_low_stock_due();

CREATE TABLE stock_item_conversion (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  stock_item_id uuid NOT NULL,
  from_tracking text NOT NULL,
  to_tracking text NOT NULL,
  units integer NOT NULL,
  on_hand integer NOT NULL,
  actor text NOT NULL,
  occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT stock_item_conversion_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_item_conversion_change CHECK (from_tracking <> to_tracking OR from_tracking = 'SERIAL'::text AND units > 0),
  CONSTRAINT stock_item_conversion_from CHECK (from_tracking = ANY (ARRAY['QUANTITY'::text, 'SERIAL'::text])),
  CONSTRAINT stock_item_conversion_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT stock_item_conversion_to CHECK (to_tracking = ANY (ARRAY['QUANTITY'::text, 'SERIAL'::text])),
  CONSTRAINT stock_item_conversion_units CHECK (units >= 0)
);
CREATE INDEX stock_item_conversion_item ON stock_item_conversion USING btree (tenant_id, stock_item_id, id);
ALTER TABLE stock_item_conversion ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stock_item_conversion FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON stock_item_conversion TO onecount_inventory;
CREATE TRIGGER stock_item_conversion_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stock_item_conversion FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE stock_number_counter (
  tenant_id uuid NOT NULL,
  prefix text NOT NULL,
  last bigint NOT NULL,
  CONSTRAINT stock_number_counter_pkey PRIMARY KEY (tenant_id, prefix)
);
ALTER TABLE stock_number_counter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stock_number_counter FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stock_number_counter TO onecount_inventory;

CREATE TABLE stock_receipt (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  status text NOT NULL,
  supplier text NOT NULL,
  document_number text,
  location_id uuid NOT NULL,
  note text,
  created_by text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  closed_by text,
  closed_at timestamp with time zone,
  document_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(document_number)) STORED,
  CONSTRAINT stock_receipt_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_receipt_closed CHECK ((status = ANY (ARRAY['CLOSED'::text, 'CANCELLED'::text])) = (closed_at IS NOT NULL)),
  CONSTRAINT stock_receipt_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location(tenant_id, id),
  CONSTRAINT stock_receipt_note_length CHECK (length(note) <= 1000),
  CONSTRAINT stock_receipt_number_length CHECK (length(document_number) >= 1 AND length(document_number) <= 255),
  CONSTRAINT stock_receipt_status CHECK (status = ANY (ARRAY['EXPECTED'::text, 'PARTIAL'::text, 'RECEIVED'::text, 'CLOSED'::text, 'CANCELLED'::text])),
  CONSTRAINT stock_receipt_supplier_length CHECK (length(supplier) >= 1 AND length(supplier) <= 255)
);
CREATE INDEX stock_receipt_by_location ON stock_receipt USING btree (tenant_id, location_id, id);
CREATE INDEX stock_receipt_by_status ON stock_receipt USING btree (tenant_id, status, id);
CREATE UNIQUE INDEX stock_receipt_document ON stock_receipt USING btree (tenant_id, lower(supplier), document_key) WHERE (status <> 'CANCELLED'::text);
ALTER TABLE stock_receipt ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stock_receipt FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stock_receipt TO onecount_inventory;

CREATE TABLE stock_receipt_line (
  tenant_id uuid NOT NULL,
  stock_receipt_id uuid NOT NULL,
  line integer NOT NULL,
  stock_item_id uuid NOT NULL,
  expected integer NOT NULL,
  received integer DEFAULT 0 NOT NULL,
  unit_cost_minor bigint,
  unit_cost_currency text,
  CONSTRAINT stock_receipt_line_pkey PRIMARY KEY (tenant_id, stock_receipt_id, line),
  CONSTRAINT stock_receipt_line_cost CHECK (unit_cost_minor >= 0),
  CONSTRAINT stock_receipt_line_cost_currency CHECK ((unit_cost_minor IS NULL) = (unit_cost_currency IS NULL)),
  CONSTRAINT stock_receipt_line_expected CHECK (expected > 0),
  CONSTRAINT stock_receipt_line_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT stock_receipt_line_item_once UNIQUE (tenant_id, stock_receipt_id, stock_item_id),
  CONSTRAINT stock_receipt_line_receipt_fkey FOREIGN KEY (tenant_id, stock_receipt_id) REFERENCES stock_receipt(tenant_id, id),
  CONSTRAINT stock_receipt_line_received CHECK (received >= 0)
);
CREATE INDEX stock_receipt_line_item ON stock_receipt_line USING btree (tenant_id, stock_item_id);
ALTER TABLE stock_receipt_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stock_receipt_line FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stock_receipt_line TO onecount_inventory;

CREATE TABLE stocktake (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  location_id uuid NOT NULL,
  scope text NOT NULL,
  scope_value text,
  is_blind boolean NOT NULL,
  note text,
  status text DEFAULT 'COUNTING'::text NOT NULL,
  created_by text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  reviewed_at timestamp with time zone,
  reviewed_by text,
  ended_at timestamp with time zone,
  ended_by text,
  count_missing_as_zero boolean,
  excluded_item_ids uuid[],
  CONSTRAINT stocktake_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stocktake_ended CHECK ((status = ANY (ARRAY['POSTED'::text, 'CANCELLED'::text])) = (ended_at IS NOT NULL AND ended_by IS NOT NULL)),
  CONSTRAINT stocktake_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location(tenant_id, id),
  CONSTRAINT stocktake_reviewed CHECK ((status <> ALL (ARRAY['REVIEW'::text, 'POSTED'::text])) OR reviewed_at IS NOT NULL),
  CONSTRAINT stocktake_scope CHECK (scope = ANY (ARRAY['LOCATION'::text, 'CATEGORY'::text, 'SKU_PREFIX'::text])),
  CONSTRAINT stocktake_scope_value CHECK ((scope = 'LOCATION'::text) = (scope_value IS NULL)),
  CONSTRAINT stocktake_status CHECK (status = ANY (ARRAY['COUNTING'::text, 'REVIEW'::text, 'POSTED'::text, 'CANCELLED'::text]))
);
ALTER TABLE stocktake ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stocktake FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stocktake TO onecount_inventory;
CREATE TRIGGER stocktake_closed BEFORE UPDATE ON stocktake FOR EACH ROW WHEN (old.status = ANY (ARRAY['POSTED'::text, 'CANCELLED'::text])) EXECUTE FUNCTION stocktake_is_closed();
CREATE TRIGGER stocktake_no_delete BEFORE DELETE OR TRUNCATE ON stocktake FOR EACH STATEMENT EXECUTE FUNCTION stocktake_is_closed();

CREATE TABLE stocktake_batch (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  stocktake_id uuid NOT NULL,
  device text NOT NULL,
  batch_key text NOT NULL,
  content_hash text NOT NULL,
  answer jsonb NOT NULL,
  counted_by text NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT stocktake_batch_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stocktake_batch_device_length CHECK (length(device) >= 1 AND length(device) <= 255),
  CONSTRAINT stocktake_batch_key_length CHECK (length(batch_key) >= 1 AND length(batch_key) <= 255),
  CONSTRAINT stocktake_batch_once UNIQUE (tenant_id, stocktake_id, device, batch_key),
  CONSTRAINT stocktake_batch_stocktake_fkey FOREIGN KEY (tenant_id, stocktake_id) REFERENCES stocktake(tenant_id, id)
);
ALTER TABLE stocktake_batch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stocktake_batch FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON stocktake_batch TO onecount_inventory;
CREATE TRIGGER stocktake_batch_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stocktake_batch FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE stocktake_line (
  tenant_id uuid NOT NULL,
  stocktake_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  stock_item_id uuid NOT NULL,
  serial_unit_id uuid,
  sku text NOT NULL,
  finding text NOT NULL,
  counted integer,
  expected integer NOT NULL,
  change integer,
  needs_recount boolean NOT NULL,
  unit_status text,
  first_at timestamp with time zone NOT NULL,
  last_at timestamp with time zone NOT NULL,
  level_version bigint NOT NULL,
  is_selling boolean NOT NULL,
  CONSTRAINT stocktake_line_pkey PRIMARY KEY (tenant_id, stocktake_id, id),
  CONSTRAINT stocktake_line_change CHECK (change <> 0),
  CONSTRAINT stocktake_line_finding CHECK (finding = ANY (ARRAY['MATCHES'::text, 'SURPLUS'::text, 'SHORTAGE'::text, 'NOT_COUNTED'::text, 'UNIT_MISSING'::text, 'UNIT_FOUND_AGAIN'::text, 'UNIT_UNEXPECTED'::text])),
  CONSTRAINT stocktake_line_not_counted CHECK ((finding = 'NOT_COUNTED'::text) = (counted IS NULL)),
  CONSTRAINT stocktake_line_once UNIQUE NULLS NOT DISTINCT (tenant_id, stocktake_id, stock_item_id, serial_unit_id),
  CONSTRAINT stocktake_line_stocktake_fkey FOREIGN KEY (tenant_id, stocktake_id) REFERENCES stocktake(tenant_id, id)
);
CREATE INDEX stocktake_line_differing ON stocktake_line USING btree (tenant_id, stocktake_id, sku, id) WHERE ((finding <> 'MATCHES'::text) OR needs_recount);
CREATE INDEX stocktake_line_page ON stocktake_line USING btree (tenant_id, stocktake_id, sku, id);
ALTER TABLE stocktake_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stocktake_line FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stocktake_line TO onecount_inventory;
CREATE TRIGGER stocktake_line_closed_delete AFTER DELETE ON stocktake_line REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();
CREATE TRIGGER stocktake_line_closed_insert AFTER INSERT ON stocktake_line REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();
CREATE TRIGGER stocktake_line_closed_update AFTER UPDATE ON stocktake_line REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();
CREATE TRIGGER stocktake_line_no_truncate BEFORE TRUNCATE ON stocktake_line FOR EACH STATEMENT EXECUTE FUNCTION stocktake_is_closed();

CREATE TABLE stocktake_recount (
  tenant_id uuid NOT NULL,
  stocktake_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  since timestamp with time zone NOT NULL,
  requested_by text NOT NULL,
  CONSTRAINT stocktake_recount_pkey PRIMARY KEY (tenant_id, stocktake_id, stock_item_id, since),
  CONSTRAINT stocktake_recount_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT stocktake_recount_stocktake_fkey FOREIGN KEY (tenant_id, stocktake_id) REFERENCES stocktake(tenant_id, id)
);
ALTER TABLE stocktake_recount ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stocktake_recount FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON stocktake_recount TO onecount_inventory;
CREATE TRIGGER stocktake_recount_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stocktake_recount FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stocktake_recount_closed AFTER INSERT ON stocktake_recount REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();

CREATE TABLE stocktake_scan (
  tenant_id uuid NOT NULL,
  stocktake_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  ordinal integer NOT NULL,
  code text NOT NULL,
  kind text NOT NULL,
  quantity integer NOT NULL,
  outcome text NOT NULL,
  stock_item_id uuid,
  serial_unit_id uuid,
  scanned_at timestamp with time zone NOT NULL,
  CONSTRAINT stocktake_scan_pkey PRIMARY KEY (tenant_id, batch_id, ordinal),
  CONSTRAINT stocktake_scan_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES stocktake_batch(tenant_id, id),
  CONSTRAINT stocktake_scan_code_length CHECK (length(code) >= 1 AND length(code) <= 255),
  CONSTRAINT stocktake_scan_kind CHECK (kind = ANY (ARRAY['SCAN'::text, 'TAG'::text])),
  CONSTRAINT stocktake_scan_outcome CHECK (outcome = ANY (ARRAY['COUNTED'::text, 'UNKNOWN'::text, 'OUT_OF_SCOPE'::text])),
  CONSTRAINT stocktake_scan_quantity CHECK (quantity > 0 AND (kind = 'SCAN'::text OR quantity = 1)),
  CONSTRAINT stocktake_scan_target CHECK ((outcome = 'UNKNOWN'::text) = (stock_item_id IS NULL))
);
CREATE INDEX stocktake_scan_item ON stocktake_scan USING btree (tenant_id, stocktake_id, stock_item_id, serial_unit_id) WHERE (outcome = 'COUNTED'::text);
CREATE INDEX stocktake_scan_other ON stocktake_scan USING btree (tenant_id, stocktake_id, outcome, code) WHERE (outcome <> 'COUNTED'::text);
ALTER TABLE stocktake_scan ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stocktake_scan FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON stocktake_scan TO onecount_inventory;
CREATE TRIGGER stocktake_scan_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stocktake_scan FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stocktake_scan_closed AFTER INSERT ON stocktake_scan REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stocktake_parts_are_closed();

CREATE TABLE transfer (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  status text DEFAULT 'DRAFT'::text NOT NULL,
  from_location_id uuid NOT NULL,
  to_location_id uuid NOT NULL,
  note text,
  created_by text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  dispatched_by text,
  dispatched_at timestamp with time zone,
  ended_by text,
  ended_at timestamp with time zone,
  CONSTRAINT transfer_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_dispatched CHECK (
CASE status
    WHEN 'DRAFT'::text THEN dispatched_at IS NULL
    WHEN 'CANCELLED'::text THEN true
    ELSE dispatched_at IS NOT NULL
END),
  CONSTRAINT transfer_ended CHECK ((status = ANY (ARRAY['RECEIVED'::text, 'CLOSED'::text, 'CANCELLED'::text])) = (ended_at IS NOT NULL)),
  CONSTRAINT transfer_from_fkey FOREIGN KEY (tenant_id, from_location_id) REFERENCES location(tenant_id, id),
  CONSTRAINT transfer_note_length CHECK (length(note) <= 1000),
  CONSTRAINT transfer_status CHECK (status = ANY (ARRAY['DRAFT'::text, 'DISPATCHED'::text, 'PARTIALLY_RECEIVED'::text, 'RECEIVED'::text, 'CLOSED'::text, 'CANCELLED'::text])),
  CONSTRAINT transfer_to_fkey FOREIGN KEY (tenant_id, to_location_id) REFERENCES location(tenant_id, id),
  CONSTRAINT transfer_two_places CHECK (from_location_id <> to_location_id)
);
CREATE INDEX transfer_by_destination ON transfer USING btree (tenant_id, to_location_id, id);
CREATE INDEX transfer_by_source ON transfer USING btree (tenant_id, from_location_id, id);
CREATE INDEX transfer_by_status ON transfer USING btree (tenant_id, status, id);
ALTER TABLE transfer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON transfer FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON transfer TO onecount_inventory;

CREATE TABLE transfer_difference (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  transfer_line_id uuid NOT NULL,
  outcome text NOT NULL,
  quantity integer NOT NULL,
  reason text NOT NULL,
  note text,
  cost_minor bigint,
  cost_currency text,
  cost_quantity integer,
  actor text NOT NULL,
  occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT transfer_difference_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_difference_cost CHECK (cost_minor >= 0),
  CONSTRAINT transfer_difference_cost_of CHECK (num_nulls(cost_minor, cost_currency, cost_quantity) = ANY (ARRAY[0, 3])),
  CONSTRAINT transfer_difference_line_fkey FOREIGN KEY (tenant_id, transfer_line_id) REFERENCES transfer_line(tenant_id, id),
  CONSTRAINT transfer_difference_note CHECK (reason <> 'OTHER'::text OR length(note) > 0),
  CONSTRAINT transfer_difference_outcome CHECK (outcome = ANY (ARRAY['MISSING'::text, 'RETURNED'::text])),
  CONSTRAINT transfer_difference_quantity CHECK (quantity > 0),
  CONSTRAINT transfer_difference_reason CHECK (reason = ANY (ARRAY['LOSS'::text, 'DAMAGE'::text, 'COUNT_CORRECTION'::text, 'CANCELLED'::text, 'OTHER'::text]))
);
CREATE INDEX transfer_difference_line ON transfer_difference USING btree (tenant_id, transfer_line_id, id);
ALTER TABLE transfer_difference ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON transfer_difference FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON transfer_difference TO onecount_inventory;
CREATE TRIGGER transfer_difference_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON transfer_difference FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_difference_cost BEFORE INSERT ON transfer_difference FOR EACH ROW EXECUTE FUNCTION transfer_difference_cost();

CREATE TABLE transfer_line (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT uuidv7() NOT NULL,
  transfer_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  serial_unit_id uuid,
  quantity integer NOT NULL,
  dispatched integer DEFAULT 0 NOT NULL,
  received integer DEFAULT 0 NOT NULL,
  returned integer DEFAULT 0 NOT NULL,
  missing integer DEFAULT 0 NOT NULL,
  CONSTRAINT transfer_line_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_line_balance CHECK (LEAST(received, returned, missing) >= 0 AND (received + returned + missing) <= dispatched),
  CONSTRAINT transfer_line_dispatched CHECK (dispatched = 0 OR dispatched = quantity),
  CONSTRAINT transfer_line_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item(tenant_id, id),
  CONSTRAINT transfer_line_quantity CHECK (quantity >= 1 AND quantity <= 1000000),
  CONSTRAINT transfer_line_transfer_fkey FOREIGN KEY (tenant_id, transfer_id) REFERENCES transfer(tenant_id, id),
  CONSTRAINT transfer_line_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit(tenant_id, id),
  CONSTRAINT transfer_line_unit_quantity CHECK (serial_unit_id IS NULL OR quantity = 1)
);
CREATE INDEX transfer_line_in_transit ON transfer_line USING btree (tenant_id, stock_item_id) INCLUDE (dispatched, received, returned, missing) WHERE (dispatched > ((received + returned) + missing));
CREATE UNIQUE INDEX transfer_line_item_once ON transfer_line USING btree (tenant_id, transfer_id, stock_item_id) WHERE (serial_unit_id IS NULL);
CREATE INDEX transfer_line_page ON transfer_line USING btree (tenant_id, transfer_id, id);
CREATE UNIQUE INDEX transfer_line_unit_once ON transfer_line USING btree (tenant_id, transfer_id, serial_unit_id) WHERE (serial_unit_id IS NOT NULL);
ALTER TABLE transfer_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON transfer_line FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON transfer_line TO onecount_inventory;

CREATE TABLE unit_dirty (
  tenant_id uuid NOT NULL,
  serial_unit_id uuid NOT NULL,
  CONSTRAINT unit_dirty_pkey PRIMARY KEY (tenant_id, serial_unit_id)
);
ALTER TABLE unit_dirty ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_relay ON unit_dirty FOR ALL
  USING (current_setting('app.system'::text, true) = 'relay'::text);
CREATE POLICY system_sweeper ON unit_dirty FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON unit_dirty FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON unit_dirty TO onecount_inventory;
