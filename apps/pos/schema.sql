-- The database of pos as its migrations leave it; functions are files below src.
-- Written by npm run schema, compared by npm run schema:check.

CREATE TABLE cash_movement (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  register_id uuid NOT NULL,
  shift_id uuid NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  currency_code text NOT NULL,
  reason text NOT NULL,
  note text,
  recorded_by text NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT cash_movement_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT cash_movement_amount_positive CHECK (amount_minor > 0),
  CONSTRAINT cash_movement_kind_known CHECK (kind = ANY (ARRAY['PAY_IN'::text, 'PAY_OUT'::text, 'DROP'::text])),
  CONSTRAINT cash_movement_other_is_explained CHECK (reason <> 'OTHER'::text OR note IS NOT NULL),
  CONSTRAINT cash_movement_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register(tenant_id, id),
  CONSTRAINT cash_movement_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift(tenant_id, id)
);
CREATE INDEX cash_movement_by_shift_idx ON cash_movement USING btree (tenant_id, shift_id, recorded_at, id);
ALTER TABLE cash_movement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON cash_movement FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON cash_movement TO onecount_pos;
CREATE TRIGGER cash_movement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON cash_movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE commission_rate (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  salesperson text,
  basis text NOT NULL,
  basis_points integer NOT NULL,
  valid_from date NOT NULL,
  set_by text NOT NULL,
  set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT commission_rate_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT commission_rate_basis_known CHECK (basis = ANY (ARRAY['NET'::text, 'MARGIN'::text])),
  CONSTRAINT commission_rate_range CHECK (basis_points >= 0 AND basis_points <= 10000),
  CONSTRAINT commission_rate_salesperson_length CHECK (length(salesperson) >= 1 AND length(salesperson) <= 255)
);
CREATE INDEX commission_rate_of_day_idx ON commission_rate USING btree (tenant_id, salesperson, valid_from DESC, set_at DESC);
ALTER TABLE commission_rate ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON commission_rate FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON commission_rate TO onecount_pos;
CREATE TRIGGER commission_rate_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON commission_rate FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE consignment_account (
  tenant_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  currency_code text NOT NULL,
  balance_minor bigint DEFAULT 0 NOT NULL,
  entries integer DEFAULT 0 NOT NULL,
  CONSTRAINT consignment_account_pkey PRIMARY KEY (tenant_id, agreement_id, currency_code),
  CONSTRAINT consignment_account_agreement_fkey FOREIGN KEY (tenant_id, agreement_id) REFERENCES consignment_agreement(tenant_id, id)
);
ALTER TABLE consignment_account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON consignment_account FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON consignment_account TO onecount_pos;

CREATE TABLE consignment_agreement (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  reference text,
  currency_code text NOT NULL,
  share_basis_points integer,
  owed_minor bigint,
  minimum_minor bigint,
  below_minimum text NOT NULL,
  discounts text NOT NULL,
  valid_from timestamp with time zone NOT NULL,
  valid_until timestamp with time zone,
  note text,
  opened_by text NOT NULL,
  opened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  ended_by text,
  ended_at timestamp with time zone,
  CONSTRAINT consignment_agreement_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT consignment_agreement_below_minimum_known CHECK (below_minimum = ANY (ARRAY['REFUSE'::text, 'WARN'::text])),
  CONSTRAINT consignment_agreement_discounts_known CHECK (discounts = ANY (ARRAY['SHARED'::text, 'SHOP'::text])),
  CONSTRAINT consignment_agreement_end_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CONSTRAINT consignment_agreement_minimum_positive CHECK (minimum_minor >= 0),
  CONSTRAINT consignment_agreement_one_term CHECK (num_nonnulls(share_basis_points, owed_minor) = 1),
  CONSTRAINT consignment_agreement_owed_positive CHECK (owed_minor >= 0),
  CONSTRAINT consignment_agreement_owner_fkey FOREIGN KEY (tenant_id, owner_id) REFERENCES customer(tenant_id, id),
  CONSTRAINT consignment_agreement_period CHECK (valid_until > valid_from),
  CONSTRAINT consignment_agreement_share_range CHECK (share_basis_points >= 0 AND share_basis_points <= 10000)
);
CREATE INDEX consignment_agreement_newest_idx ON consignment_agreement USING btree (tenant_id, opened_at DESC, id DESC);
CREATE INDEX consignment_agreement_of_owner_idx ON consignment_agreement USING btree (tenant_id, owner_id);
ALTER TABLE consignment_agreement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON consignment_agreement FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON consignment_agreement TO onecount_pos;

CREATE TABLE consignment_entry (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  currency_code text NOT NULL,
  number integer NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  balance_minor bigint NOT NULL,
  piece_id uuid,
  sale_id uuid,
  line_id uuid,
  return_id uuid,
  quantity integer,
  paid_minor bigint,
  is_below_minimum boolean DEFAULT false NOT NULL,
  reference text,
  recorded_by text NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT consignment_entry_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT consignment_entry_account_fkey FOREIGN KEY (tenant_id, agreement_id, currency_code) REFERENCES consignment_account(tenant_id, agreement_id, currency_code),
  CONSTRAINT consignment_entry_kind_known CHECK (kind = ANY (ARRAY['SOLD'::text, 'TAKEN_BACK'::text, 'PAID'::text])),
  CONSTRAINT consignment_entry_names_its_return CHECK ((kind = 'TAKEN_BACK'::text) = (return_id IS NOT NULL)),
  CONSTRAINT consignment_entry_names_its_sale CHECK ((kind = 'PAID'::text) = (num_nulls(piece_id, sale_id, line_id, quantity, paid_minor) > 0)),
  CONSTRAINT consignment_entry_number_key UNIQUE (tenant_id, agreement_id, currency_code, number),
  CONSTRAINT consignment_entry_paid_has_reference CHECK ((kind = 'PAID'::text) = (reference IS NOT NULL)),
  CONSTRAINT consignment_entry_paid_of_owed CHECK (kind <> 'PAID'::text OR balance_minor >= 0),
  CONSTRAINT consignment_entry_piece_fkey FOREIGN KEY (tenant_id, piece_id) REFERENCES consignment_piece(tenant_id, id),
  CONSTRAINT consignment_entry_sign CHECK (
CASE kind
    WHEN 'SOLD'::text THEN amount_minor >= 0
    WHEN 'TAKEN_BACK'::text THEN amount_minor <= 0
    ELSE amount_minor < 0
END)
);
CREATE INDEX consignment_entry_by_time_idx ON consignment_entry USING btree (tenant_id, agreement_id, currency_code, recorded_at, id);
CREATE INDEX consignment_entry_of_line_idx ON consignment_entry USING btree (tenant_id, sale_id, line_id) WHERE (kind <> 'PAID'::text);
CREATE UNIQUE INDEX consignment_entry_sold_once ON consignment_entry USING btree (tenant_id, sale_id, line_id, piece_id) WHERE (kind = 'SOLD'::text);
CREATE UNIQUE INDEX consignment_entry_taken_back_once ON consignment_entry USING btree (tenant_id, return_id, line_id, piece_id) WHERE (kind = 'TAKEN_BACK'::text);
ALTER TABLE consignment_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON consignment_entry FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON consignment_entry TO onecount_pos;
CREATE TRIGGER consignment_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON consignment_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE consignment_piece (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  sku text NOT NULL,
  title text NOT NULL,
  serial_unit_id uuid,
  serial text,
  quantity integer NOT NULL,
  sold_quantity integer DEFAULT 0 NOT NULL,
  returning_quantity integer DEFAULT 0 NOT NULL,
  returned_quantity integer DEFAULT 0 NOT NULL,
  left_quantity integer GENERATED ALWAYS AS ((((quantity - sold_quantity) - returning_quantity) - returned_quantity)) STORED,
  owed_minor bigint,
  minimum_minor bigint,
  added_by text NOT NULL,
  added_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT consignment_piece_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT consignment_piece_agreement_fkey FOREIGN KEY (tenant_id, agreement_id) REFERENCES consignment_agreement(tenant_id, id),
  CONSTRAINT consignment_piece_left_positive CHECK (left_quantity >= 0),
  CONSTRAINT consignment_piece_minimum_positive CHECK (minimum_minor >= 0),
  CONSTRAINT consignment_piece_owed_positive CHECK (owed_minor >= 0),
  CONSTRAINT consignment_piece_quantity_positive CHECK (quantity > 0),
  CONSTRAINT consignment_piece_returned_positive CHECK (returned_quantity >= 0),
  CONSTRAINT consignment_piece_returning_positive CHECK (returning_quantity >= 0),
  CONSTRAINT consignment_piece_sold_positive CHECK (sold_quantity >= 0),
  CONSTRAINT consignment_piece_unit_is_one CHECK (serial_unit_id IS NULL OR quantity = 1)
);
CREATE INDEX consignment_piece_of_agreement_idx ON consignment_piece USING btree (tenant_id, agreement_id, added_at, id);
CREATE UNIQUE INDEX consignment_piece_one_agreement ON consignment_piece USING btree (tenant_id, serial_unit_id) WHERE ((serial_unit_id IS NOT NULL) AND (sold_quantity = 0) AND (returned_quantity = 0));
CREATE INDEX consignment_piece_to_sell_idx ON consignment_piece USING btree (tenant_id, stock_item_id) WHERE (left_quantity > 0);
ALTER TABLE consignment_piece ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON consignment_piece FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON consignment_piece TO onecount_pos;

CREATE TABLE consignment_return (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  piece_id uuid NOT NULL,
  quantity integer NOT NULL,
  location_id uuid,
  note text,
  status text DEFAULT 'PENDING'::text NOT NULL,
  refusal text,
  settle_after timestamp with time zone,
  attempts integer DEFAULT 0 NOT NULL,
  returned_by text NOT NULL,
  returned_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT consignment_return_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT consignment_return_pending_is_settled CHECK ((status = 'PENDING'::text) = (settle_after IS NOT NULL)),
  CONSTRAINT consignment_return_piece_fkey FOREIGN KEY (tenant_id, piece_id) REFERENCES consignment_piece(tenant_id, id),
  CONSTRAINT consignment_return_quantity_positive CHECK (quantity > 0),
  CONSTRAINT consignment_return_refusal_is_told CHECK ((status = 'REFUSED'::text) = (refusal IS NOT NULL)),
  CONSTRAINT consignment_return_status_known CHECK (status = ANY (ARRAY['PENDING'::text, 'RETURNED'::text, 'REFUSED'::text]))
);
CREATE INDEX consignment_return_due_idx ON consignment_return USING btree (settle_after) WHERE (settle_after IS NOT NULL);
CREATE INDEX consignment_return_of_piece_idx ON consignment_return USING btree (tenant_id, piece_id, returned_at, id);
ALTER TABLE consignment_return ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON consignment_return FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON consignment_return FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON consignment_return TO onecount_pos;

CREATE TABLE customer (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  merged_into uuid,
  erased_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT customer_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_merged_fkey FOREIGN KEY (tenant_id, merged_into) REFERENCES customer(tenant_id, id),
  CONSTRAINT customer_merged_into_another CHECK (merged_into <> id)
);
CREATE INDEX customer_merged_idx ON customer USING btree (tenant_id, merged_into) WHERE (merged_into IS NOT NULL);
ALTER TABLE customer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON customer FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON customer TO onecount_pos;

CREATE TABLE customer_change (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  customer_id uuid NOT NULL,
  operation text NOT NULL,
  key text NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT customer_change_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_change_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id)
);
CREATE INDEX customer_change_of_customer_idx ON customer_change USING btree (tenant_id, customer_id, id);
ALTER TABLE customer_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON customer_change FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON customer_change TO onecount_pos;
CREATE TRIGGER customer_change_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON customer_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE customer_consent (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  customer_id uuid NOT NULL,
  purpose text NOT NULL,
  is_given boolean NOT NULL,
  at timestamp with time zone NOT NULL,
  how text NOT NULL,
  note text,
  recorded_by text NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT customer_consent_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_consent_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id)
);
CREATE INDEX customer_consent_of_customer_idx ON customer_consent USING btree (tenant_id, customer_id, purpose, at DESC, id DESC);
ALTER TABLE customer_consent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON customer_consent FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON customer_consent TO onecount_pos;

CREATE TABLE customer_profile (
  tenant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  name text NOT NULL,
  sort_name text COLLATE "C" NOT NULL,
  note text,
  emails jsonb NOT NULL,
  phones jsonb NOT NULL,
  addresses jsonb NOT NULL,
  sizes jsonb NOT NULL,
  CONSTRAINT customer_profile_pkey PRIMARY KEY (tenant_id, customer_id),
  CONSTRAINT customer_profile_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id)
);
CREATE INDEX customer_profile_by_name_idx ON customer_profile USING btree (tenant_id, sort_name, customer_id);
ALTER TABLE customer_profile ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON customer_profile FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON customer_profile TO onecount_pos;

CREATE TABLE customer_term (
  tenant_id uuid NOT NULL,
  term text COLLATE "C" NOT NULL,
  customer_id uuid NOT NULL,
  CONSTRAINT customer_term_pkey PRIMARY KEY (tenant_id, term, customer_id),
  CONSTRAINT customer_term_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id)
);
CREATE INDEX customer_term_of_customer_idx ON customer_term USING btree (tenant_id, customer_id);
ALTER TABLE customer_term ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON customer_term FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON customer_term TO onecount_pos;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON dead_event TO onecount_pos;

CREATE TABLE discount_setting (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  limit_basis_points integer NOT NULL,
  may_meet text[] NOT NULL,
  reasons text[] NOT NULL,
  is_reason_free boolean NOT NULL,
  set_by text NOT NULL,
  set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  own_price text DEFAULT 'ANYBODY'::text NOT NULL,
  CONSTRAINT discount_setting_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT discount_setting_limit_range CHECK (limit_basis_points >= 0 AND limit_basis_points <= 10000),
  CONSTRAINT discount_setting_own_price_known CHECK (own_price = ANY (ARRAY['ANYBODY'::text, 'WITH_REASON'::text, 'WITH_REASON_AND_SCOPE'::text])),
  CONSTRAINT discount_setting_reason_possible CHECK (is_reason_free OR cardinality(reasons) > 0)
);
CREATE INDEX discount_setting_newest_idx ON discount_setting USING btree (tenant_id, set_at DESC, id DESC);
ALTER TABLE discount_setting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON discount_setting FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON discount_setting TO onecount_pos;
CREATE TRIGGER discount_setting_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON discount_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE gift_card_attempt (
  tenant_id uuid NOT NULL,
  minute timestamp with time zone NOT NULL,
  attempts integer NOT NULL,
  CONSTRAINT gift_card_attempt_pkey PRIMARY KEY (tenant_id, minute)
);
ALTER TABLE gift_card_attempt ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON gift_card_attempt FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON gift_card_attempt TO onecount_pos;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_record TO onecount_pos;

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
GRANT DELETE, INSERT, SELECT, UPDATE ON inbox TO onecount_pos;

CREATE TABLE known_location (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  learned_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT known_location_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT known_location_code_key UNIQUE (tenant_id, code)
);
ALTER TABLE known_location ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON known_location FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON known_location TO onecount_pos;

CREATE TABLE lay_by (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  currency_code text NOT NULL,
  total_minor bigint NOT NULL,
  deposit_minor bigint NOT NULL,
  payments integer,
  paid_minor bigint DEFAULT 0 NOT NULL,
  fee_minor bigint NOT NULL,
  grace_days integer NOT NULL,
  expiry text NOT NULL,
  reminder_days integer NOT NULL,
  next_due_at timestamp with time zone,
  reminded_for timestamp with time zone,
  overdue_for timestamp with time zone,
  version integer DEFAULT 0 NOT NULL,
  opened_by text NOT NULL,
  opened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  outcome text,
  ended_at timestamp with time zone,
  kept_fee_minor bigint DEFAULT 0 NOT NULL,
  owed_minor bigint GENERATED ALWAYS AS (
CASE
    WHEN (outcome <> 'COMPLETED'::text) THEN (paid_minor - kept_fee_minor)
    ELSE NULL::bigint
END) STORED,
  refunded_at timestamp with time zone,
  CONSTRAINT lay_by_pkey PRIMARY KEY (tenant_id, sale_id),
  CONSTRAINT lay_by_completed_is_paid CHECK (outcome IS DISTINCT FROM 'COMPLETED'::text OR paid_minor = total_minor),
  CONSTRAINT lay_by_deposit_is_a_part CHECK (deposit_minor > 0 AND deposit_minor < total_minor),
  CONSTRAINT lay_by_ended_whole CHECK ((outcome IS NULL) = (ended_at IS NULL)),
  CONSTRAINT lay_by_fee_at_most_paid CHECK (kept_fee_minor >= 0 AND kept_fee_minor <= paid_minor),
  CONSTRAINT lay_by_fee_positive CHECK (fee_minor >= 0),
  CONSTRAINT lay_by_outcome_known CHECK (outcome = ANY (ARRAY['COMPLETED'::text, 'CANCELLED'::text, 'EXPIRED'::text, 'REFUSED'::text])),
  CONSTRAINT lay_by_owed_key UNIQUE (tenant_id, sale_id, owed_minor),
  CONSTRAINT lay_by_paid_at_most_total CHECK (paid_minor >= 0 AND paid_minor <= total_minor),
  CONSTRAINT lay_by_paid_fkey FOREIGN KEY (tenant_id, sale_id, payments, paid_minor) REFERENCES lay_by_payment(tenant_id, sale_id, "position", after_minor),
  CONSTRAINT lay_by_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id),
  CONSTRAINT lay_by_total_key UNIQUE (tenant_id, sale_id, total_minor),
  CONSTRAINT lay_by_total_positive CHECK (total_minor > 0)
);
CREATE INDEX lay_by_due_idx ON lay_by USING btree (tenant_id, next_due_at, sale_id) WHERE (outcome IS NULL);
CREATE INDEX lay_by_refund_due_idx ON lay_by USING btree (tenant_id, ended_at, sale_id) WHERE ((owed_minor > 0) AND (refunded_at IS NULL));
ALTER TABLE lay_by ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON lay_by FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON lay_by FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON lay_by TO onecount_pos;

CREATE TABLE lay_by_instalment (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  "position" integer NOT NULL,
  due_at timestamp with time zone NOT NULL,
  amount_minor bigint NOT NULL,
  through_minor bigint NOT NULL,
  total_minor bigint NOT NULL,
  CONSTRAINT lay_by_instalment_pkey PRIMARY KEY (tenant_id, sale_id, "position"),
  CONSTRAINT lay_by_instalment_at_most_total CHECK (through_minor >= amount_minor AND through_minor <= total_minor),
  CONSTRAINT lay_by_instalment_positive CHECK (amount_minor > 0),
  CONSTRAINT lay_by_instalment_total_fkey FOREIGN KEY (tenant_id, sale_id, total_minor) REFERENCES lay_by(tenant_id, sale_id, total_minor)
);
ALTER TABLE lay_by_instalment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON lay_by_instalment FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON lay_by_instalment TO onecount_pos;
CREATE TRIGGER lay_by_instalment_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON lay_by_instalment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE lay_by_payment (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  "position" integer NOT NULL,
  previous integer GENERATED ALWAYS AS ((NULLIF("position", 1) - 1)) STORED,
  number text NOT NULL,
  amount_minor bigint NOT NULL,
  before_minor bigint NOT NULL,
  after_minor bigint NOT NULL,
  total_minor bigint NOT NULL,
  register_id uuid,
  shift_id uuid,
  paid_by text NOT NULL,
  paid_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT lay_by_payment_pkey PRIMARY KEY (tenant_id, sale_id, "position"),
  CONSTRAINT lay_by_payment_adds_up CHECK (after_minor = (before_minor + amount_minor)),
  CONSTRAINT lay_by_payment_after_key UNIQUE (tenant_id, sale_id, "position", after_minor),
  CONSTRAINT lay_by_payment_at_most_total CHECK (after_minor <= total_minor),
  CONSTRAINT lay_by_payment_begins_with_nothing CHECK ("position" > 1 OR before_minor = 0),
  CONSTRAINT lay_by_payment_chain_fkey FOREIGN KEY (tenant_id, sale_id, previous, before_minor) REFERENCES lay_by_payment(tenant_id, sale_id, "position", after_minor),
  CONSTRAINT lay_by_payment_number_key UNIQUE (tenant_id, number),
  CONSTRAINT lay_by_payment_position_range CHECK ("position" >= 1),
  CONSTRAINT lay_by_payment_positive CHECK (amount_minor > 0),
  CONSTRAINT lay_by_payment_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register(tenant_id, id),
  CONSTRAINT lay_by_payment_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift(tenant_id, id),
  CONSTRAINT lay_by_payment_till_whole CHECK ((register_id IS NULL) = (shift_id IS NULL)),
  CONSTRAINT lay_by_payment_total_fkey FOREIGN KEY (tenant_id, sale_id, total_minor) REFERENCES lay_by(tenant_id, sale_id, total_minor)
);
CREATE INDEX lay_by_payment_by_shift_idx ON lay_by_payment USING btree (tenant_id, shift_id) WHERE (shift_id IS NOT NULL);
ALTER TABLE lay_by_payment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON lay_by_payment FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON lay_by_payment TO onecount_pos;
CREATE TRIGGER lay_by_payment_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON lay_by_payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE lay_by_refund (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  reference text,
  register_id uuid,
  shift_id uuid,
  refunded_by text NOT NULL,
  refunded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT lay_by_refund_pkey PRIMARY KEY (tenant_id, sale_id),
  CONSTRAINT lay_by_refund_cash_of_a_till CHECK (kind <> 'CASH'::text OR shift_id IS NOT NULL),
  CONSTRAINT lay_by_refund_owed_fkey FOREIGN KEY (tenant_id, sale_id, amount_minor) REFERENCES lay_by(tenant_id, sale_id, owed_minor),
  CONSTRAINT lay_by_refund_positive CHECK (amount_minor > 0),
  CONSTRAINT lay_by_refund_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register(tenant_id, id),
  CONSTRAINT lay_by_refund_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift(tenant_id, id),
  CONSTRAINT lay_by_refund_till_whole CHECK ((register_id IS NULL) = (shift_id IS NULL))
);
CREATE INDEX lay_by_refund_by_shift_idx ON lay_by_refund USING btree (tenant_id, shift_id) WHERE (shift_id IS NOT NULL);
ALTER TABLE lay_by_refund ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON lay_by_refund FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON lay_by_refund TO onecount_pos;
CREATE TRIGGER lay_by_refund_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON lay_by_refund FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE lay_by_setting (
  tenant_id uuid NOT NULL,
  deposit_percent integer NOT NULL,
  fee_percent integer,
  fee_minor bigint,
  fee_currency text,
  grace_days integer NOT NULL,
  expiry text NOT NULL,
  reminder_days integer NOT NULL,
  set_by text NOT NULL,
  set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT lay_by_setting_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT lay_by_setting_deposit_range CHECK (deposit_percent >= 0 AND deposit_percent <= 99),
  CONSTRAINT lay_by_setting_expiry_known CHECK (expiry = ANY (ARRAY['CANCEL'::text, 'TELL'::text])),
  CONSTRAINT lay_by_setting_fee_percent_range CHECK (fee_percent >= 0 AND fee_percent <= 100),
  CONSTRAINT lay_by_setting_fee_positive CHECK (fee_minor >= 0),
  CONSTRAINT lay_by_setting_grace_range CHECK (grace_days >= 0 AND grace_days <= 365),
  CONSTRAINT lay_by_setting_one_fee CHECK (num_nonnulls(fee_percent, fee_minor) = 1 AND (fee_minor IS NULL) = (fee_currency IS NULL)),
  CONSTRAINT lay_by_setting_reminder_range CHECK (reminder_days >= 0 AND reminder_days <= 60)
);
ALTER TABLE lay_by_setting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON lay_by_setting FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON lay_by_setting TO onecount_pos;

CREATE TABLE lease (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  register_id uuid NOT NULL,
  device text NOT NULL,
  taken_by text NOT NULL,
  taken_at timestamp with time zone NOT NULL,
  sell_until timestamp with time zone NOT NULL,
  held_until timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  ended_by text,
  CONSTRAINT lease_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT lease_ended_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CONSTRAINT lease_order CHECK (taken_at < sell_until AND sell_until < held_until),
  CONSTRAINT lease_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register(tenant_id, id)
);
CREATE INDEX lease_newest_idx ON lease USING btree (tenant_id, taken_at DESC, id DESC);
ALTER TABLE lease ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON lease FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON lease TO onecount_pos;

CREATE TABLE lease_line (
  tenant_id uuid NOT NULL,
  lease_id uuid NOT NULL,
  "position" integer NOT NULL,
  id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  variant_id uuid,
  sku text NOT NULL,
  title text NOT NULL,
  tracking text NOT NULL,
  serial_unit_id uuid,
  serial text,
  quantity integer NOT NULL,
  price_minor bigint,
  currency_code text,
  CONSTRAINT lease_line_pkey PRIMARY KEY (tenant_id, lease_id, "position"),
  CONSTRAINT lease_line_lease_fkey FOREIGN KEY (tenant_id, lease_id) REFERENCES lease(tenant_id, id),
  CONSTRAINT lease_line_price_has_currency CHECK ((price_minor IS NULL) = (currency_code IS NULL)),
  CONSTRAINT lease_line_quantity_positive CHECK (quantity > 0)
);
ALTER TABLE lease_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON lease_line FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON lease_line TO onecount_pos;
CREATE TRIGGER lease_line_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON lease_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO onecount_pos;

CREATE TABLE price_book (
  tenant_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  sku text NOT NULL,
  title text NOT NULL,
  status text NOT NULL,
  is_active boolean NOT NULL,
  tracking text NOT NULL,
  price_minor bigint,
  currency_code text,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED,
  tax_code text,
  is_taxable boolean DEFAULT true NOT NULL,
  category text,
  vendor text,
  CONSTRAINT price_book_pkey PRIMARY KEY (tenant_id, variant_id),
  CONSTRAINT price_book_price_has_currency CHECK ((price_minor IS NULL) = (currency_code IS NULL))
);
CREATE INDEX price_book_by_product_idx ON price_book USING btree (tenant_id, product_id);
CREATE INDEX price_book_by_sku_idx ON price_book USING btree (tenant_id, sku_key);
ALTER TABLE price_book ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON price_book FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON price_book TO onecount_pos;

CREATE TABLE price_book_product (
  tenant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  version integer NOT NULL,
  CONSTRAINT price_book_product_pkey PRIMARY KEY (tenant_id, product_id)
);
ALTER TABLE price_book_product ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON price_book_product FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON price_book_product TO onecount_pos;

CREATE TABLE promotion (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  code_key text GENERATED ALWAYS AS (lower(code)) STORED NOT NULL,
  basis_points integer,
  amount_minor bigint,
  minimum_minor bigint,
  currency_code text,
  valid_from timestamp with time zone,
  valid_until timestamp with time zone,
  channels text[] DEFAULT '{}'::text[] NOT NULL,
  location_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
  uses_max integer,
  customer_uses_max integer,
  uses_taken integer DEFAULT 0 NOT NULL,
  added_by text NOT NULL,
  added_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT promotion_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT promotion_amount_positive CHECK (amount_minor > 0),
  CONSTRAINT promotion_code_length CHECK (length(code) >= 1 AND length(code) <= 40),
  CONSTRAINT promotion_currency_of_amounts CHECK (currency_code IS NOT NULL OR num_nonnulls(amount_minor, minimum_minor) = 0),
  CONSTRAINT promotion_customer_uses_max_positive CHECK (customer_uses_max > 0),
  CONSTRAINT promotion_minimum_positive CHECK (minimum_minor > 0),
  CONSTRAINT promotion_percent_or_amount CHECK (num_nonnulls(basis_points, amount_minor) = 1),
  CONSTRAINT promotion_percent_range CHECK (basis_points >= 1 AND basis_points <= 10000),
  CONSTRAINT promotion_uses_left CHECK (uses_taken >= 0 AND (uses_max IS NULL OR uses_taken <= uses_max)),
  CONSTRAINT promotion_uses_max_positive CHECK (uses_max > 0),
  CONSTRAINT promotion_validity_order CHECK (valid_from < valid_until)
);
CREATE UNIQUE INDEX promotion_code_key ON promotion USING btree (tenant_id, code_key) WHERE (ended_at IS NULL);
CREATE INDEX promotion_newest_idx ON promotion USING btree (tenant_id, id DESC);
ALTER TABLE promotion ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON promotion FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON promotion TO onecount_pos;

CREATE TABLE promotion_use (
  tenant_id uuid NOT NULL,
  promotion_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  customer_id uuid,
  state text NOT NULL,
  reserved_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT promotion_use_pkey PRIMARY KEY (tenant_id, promotion_id, sale_id),
  CONSTRAINT promotion_use_end_of_its_state CHECK ((state = 'RESERVED'::text) = (ended_at IS NULL)),
  CONSTRAINT promotion_use_promotion_fkey FOREIGN KEY (tenant_id, promotion_id) REFERENCES promotion(tenant_id, id),
  CONSTRAINT promotion_use_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id),
  CONSTRAINT promotion_use_state_known CHECK (state = ANY (ARRAY['RESERVED'::text, 'COUNTED'::text, 'FREED'::text]))
);
CREATE INDEX promotion_use_by_customer_idx ON promotion_use USING btree (tenant_id, customer_id, promotion_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX promotion_use_by_sale_idx ON promotion_use USING btree (tenant_id, sale_id);
CREATE INDEX promotion_use_reserved_idx ON promotion_use USING btree (tenant_id, promotion_id) WHERE (state = 'RESERVED'::text);
ALTER TABLE promotion_use ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON promotion_use FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON promotion_use TO onecount_pos;

CREATE TABLE receipt_print (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  sale_id uuid NOT NULL,
  kind text NOT NULL,
  copy_number integer NOT NULL,
  format text NOT NULL,
  unit_numbers jsonb NOT NULL,
  printed_by text NOT NULL,
  printed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT receipt_print_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT receipt_print_copy_number_range CHECK (copy_number >= 0),
  CONSTRAINT receipt_print_kind_known CHECK (kind = ANY (ARRAY['RECEIPT'::text, 'GIFT'::text])),
  CONSTRAINT receipt_print_one_original UNIQUE (tenant_id, sale_id, kind, copy_number),
  CONSTRAINT receipt_print_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id)
);
ALTER TABLE receipt_print ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON receipt_print FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON receipt_print TO onecount_pos;
CREATE TRIGGER receipt_print_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON receipt_print FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE receipt_series (
  tenant_id uuid NOT NULL,
  prefix text NOT NULL,
  last_number bigint NOT NULL,
  CONSTRAINT receipt_series_pkey PRIMARY KEY (tenant_id, prefix)
);
ALTER TABLE receipt_series ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON receipt_series FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON receipt_series TO onecount_pos;

CREATE TABLE receipt_setting (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid,
  shop_name text NOT NULL,
  address_lines text[] NOT NULL,
  tax_number text,
  header text,
  footer text,
  locale text NOT NULL,
  time_zone text NOT NULL,
  set_by text NOT NULL,
  set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT receipt_setting_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX receipt_setting_by_location_idx ON receipt_setting USING btree (tenant_id, location_id, set_at);
ALTER TABLE receipt_setting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON receipt_setting FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON receipt_setting TO onecount_pos;
CREATE TRIGGER receipt_setting_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON receipt_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE register (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  location_code text NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  deactivated_at timestamp with time zone,
  CONSTRAINT register_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT register_name_key UNIQUE (tenant_id, location_id, name),
  CONSTRAINT register_name_length CHECK (length(name) >= 1 AND length(name) <= 60)
);
CREATE INDEX register_by_code_idx ON register USING btree (tenant_id, location_code, name, id);
ALTER TABLE register ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON register FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON register TO onecount_pos;

CREATE TABLE rental (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  status text DEFAULT 'BOOKED'::text NOT NULL,
  customer_id uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  sku text NOT NULL,
  title text NOT NULL,
  serial_unit_id uuid NOT NULL,
  serial text,
  period tstzrange NOT NULL,
  currency_code text NOT NULL,
  price_minor bigint NOT NULL,
  late_day_minor bigint NOT NULL,
  note text,
  booked_by text NOT NULL,
  booked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  sale_id uuid,
  out_note text,
  out_by text,
  out_at timestamp with time zone,
  deposit_minor bigint DEFAULT 0 NOT NULL,
  deposit_kind text,
  deposit_reference text,
  back_note text,
  back_by text,
  back_at timestamp with time zone,
  late_minor bigint,
  damage_minor bigint,
  deposit_back_minor bigint,
  ended_by text,
  ended_at timestamp with time zone,
  conflict_sale_id uuid,
  attempt integer DEFAULT 0 NOT NULL,
  is_attempt_over boolean DEFAULT false NOT NULL,
  settle_after timestamp with time zone,
  settle_attempts integer DEFAULT 0 NOT NULL,
  CONSTRAINT rental_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT rental_back_whole CHECK ((status = 'BACK'::text) = (num_nulls(back_at, late_minor, damage_minor, deposit_back_minor) = 0)),
  CONSTRAINT rental_conflict_names_its_sale CHECK (status <> 'CONFLICT'::text OR conflict_sale_id IS NOT NULL),
  CONSTRAINT rental_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id),
  CONSTRAINT rental_damage_positive CHECK (damage_minor >= 0),
  CONSTRAINT rental_deposit_back_at_most_taken CHECK (deposit_back_minor >= 0 AND deposit_back_minor <= deposit_minor),
  CONSTRAINT rental_deposit_has_kind CHECK ((deposit_kind IS NULL) = (deposit_minor = 0)),
  CONSTRAINT rental_deposit_kind_known CHECK (deposit_kind = ANY (ARRAY['CASH'::text, 'CARD'::text])),
  CONSTRAINT rental_late_day_positive CHECK (late_day_minor >= 0),
  CONSTRAINT rental_late_positive CHECK (late_minor >= 0),
  CONSTRAINT rental_no_overlap EXCLUDE USING gist (tenant_id WITH =, serial_unit_id WITH =, period WITH &&) WHERE (status = ANY (ARRAY['BOOKED'::text, 'OUT'::text])),
  CONSTRAINT rental_out_whole CHECK ((status = ANY (ARRAY['OUT'::text, 'BACK'::text])) = (out_at IS NOT NULL)),
  CONSTRAINT rental_period_bounded CHECK (NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)),
  CONSTRAINT rental_price_positive CHECK (price_minor >= 0),
  CONSTRAINT rental_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id),
  CONSTRAINT rental_status_known CHECK (status = ANY (ARRAY['BOOKED'::text, 'OUT'::text, 'BACK'::text, 'CANCELLED'::text, 'CONFLICT'::text]))
);
CREATE INDEX rental_booked_idx ON rental USING btree (tenant_id, serial_unit_id) WHERE (status = 'BOOKED'::text);
CREATE INDEX rental_by_begin_idx ON rental USING btree (tenant_id, lower(period) DESC, id DESC);
CREATE UNIQUE INDEX rental_sale_key ON rental USING btree (tenant_id, sale_id) WHERE (sale_id IS NOT NULL);
CREATE INDEX rental_settle_idx ON rental USING btree (settle_after) WHERE (settle_after IS NOT NULL);
ALTER TABLE rental ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON rental FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON rental FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON rental TO onecount_pos;

CREATE TABLE return_print (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  return_id uuid NOT NULL,
  copy_number integer NOT NULL,
  format text NOT NULL,
  unit_numbers jsonb NOT NULL,
  printed_by text NOT NULL,
  printed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT return_print_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT return_print_copy_number_range CHECK (copy_number >= 0),
  CONSTRAINT return_print_one_original UNIQUE (tenant_id, return_id, copy_number),
  CONSTRAINT return_print_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return(tenant_id, id)
);
ALTER TABLE return_print ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON return_print FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON return_print TO onecount_pos;
CREATE TRIGGER return_print_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON return_print FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sale (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  channel text NOT NULL,
  external_id text,
  status text DEFAULT 'OPEN'::text NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  register_id uuid,
  shift_id uuid,
  location_id uuid,
  location_code text,
  currency_code text NOT NULL,
  total_minor bigint DEFAULT 0 NOT NULL,
  change_minor bigint DEFAULT 0 NOT NULL,
  opened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  opened_by text NOT NULL,
  commit_key text,
  pending_at timestamp with time zone,
  receipt_number text,
  committed_at timestamp with time zone,
  voided_at timestamp with time zone,
  void_reason text,
  refusal_reasons jsonb,
  release_confirmed_at timestamp with time zone,
  settle_after timestamp with time zone,
  settle_attempts integer DEFAULT 0 NOT NULL,
  active_at timestamp with time zone DEFAULT now() NOT NULL,
  customer_id uuid,
  payment_due_at timestamp with time zone,
  claimed_at timestamp with time zone,
  expired_at timestamp with time zone,
  late_of uuid,
  refund jsonb,
  secret_hash bytea,
  is_taxed boolean DEFAULT false NOT NULL,
  tax_exemption text,
  rounding_minor bigint DEFAULT 0 NOT NULL,
  has_discounts boolean DEFAULT false NOT NULL,
  name text,
  parked_at timestamp with time zone,
  parked_by text,
  salesperson text,
  exchange_of uuid,
  lease_id uuid,
  sold_at timestamp with time zone,
  lay_by boolean DEFAULT false NOT NULL,
  CONSTRAINT sale_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT sale_amounts_positive CHECK (total_minor >= 0 AND change_minor >= 0),
  CONSTRAINT sale_channel_known CHECK (channel = ANY (ARRAY['COUNTER'::text, 'WEB'::text, 'PHONE'::text, 'SHOPIFY'::text, 'WOOCOMMERCE'::text, 'OTHER'::text])),
  CONSTRAINT sale_committed_whole CHECK ((status = 'COMMITTED'::text) = (receipt_number IS NOT NULL) AND (status = 'COMMITTED'::text) = (committed_at IS NOT NULL)),
  CONSTRAINT sale_counter_has_register CHECK ((channel = 'COUNTER'::text) = (register_id IS NOT NULL)),
  CONSTRAINT sale_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id),
  CONSTRAINT sale_external_id_key UNIQUE (tenant_id, channel, external_id),
  CONSTRAINT sale_lease_fkey FOREIGN KEY (tenant_id, lease_id) REFERENCES lease(tenant_id, id),
  CONSTRAINT sale_name_length CHECK (length(name) >= 1 AND length(name) <= 100),
  CONSTRAINT sale_of_a_lease_was_sold CHECK ((lease_id IS NULL) = (sold_at IS NULL)),
  CONSTRAINT sale_parked_by_somebody CHECK ((parked_at IS NULL) = (parked_by IS NULL)),
  CONSTRAINT sale_parked_is_not_sold CHECK (parked_at IS NULL OR (status = ANY (ARRAY['OPEN'::text, 'VOIDED'::text]))),
  CONSTRAINT sale_pending_is_swept CHECK (status <> 'PENDING'::text OR settle_after IS NOT NULL),
  CONSTRAINT sale_receipt_number_key UNIQUE (tenant_id, receipt_number),
  CONSTRAINT sale_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register(tenant_id, id),
  CONSTRAINT sale_release_is_swept CHECK (status <> 'VOIDED'::text OR release_confirmed_at IS NOT NULL OR settle_after IS NOT NULL),
  CONSTRAINT sale_salesperson_length CHECK (length(salesperson) >= 1 AND length(salesperson) <= 100),
  CONSTRAINT sale_secret_is_a_hash CHECK (length(secret_hash) = 32),
  CONSTRAINT sale_status_known CHECK (status = ANY (ARRAY['OPEN'::text, 'PENDING'::text, 'COMMITTED'::text, 'VOIDED'::text])),
  CONSTRAINT sale_total_is_an_amount CHECK (total_minor <= '999999999999999'::bigint),
  CONSTRAINT sale_voided_whole CHECK ((status = 'VOIDED'::text) = (voided_at IS NOT NULL) AND (status = 'VOIDED'::text) = (void_reason IS NOT NULL))
);
CREATE INDEX sale_by_customer_idx ON sale USING btree (tenant_id, customer_id, opened_at DESC, id DESC) WHERE (customer_id IS NOT NULL);
CREATE INDEX sale_by_lease_idx ON sale USING btree (tenant_id, lease_id) WHERE (lease_id IS NOT NULL);
CREATE INDEX sale_by_shift_idx ON sale USING btree (tenant_id, shift_id) WHERE (shift_id IS NOT NULL);
CREATE INDEX sale_committed_idx ON sale USING btree (tenant_id, committed_at) WHERE (committed_at IS NOT NULL);
CREATE UNIQUE INDEX sale_late_of_key ON sale USING btree (tenant_id, late_of) WHERE (late_of IS NOT NULL);
CREATE INDEX sale_newest_idx ON sale USING btree (tenant_id, opened_at DESC, id DESC);
CREATE INDEX sale_open_idx ON sale USING btree (opened_at) WHERE (status = 'OPEN'::text);
CREATE INDEX sale_parked_idx ON sale USING btree (tenant_id, parked_at, id) WHERE ((parked_at IS NOT NULL) AND (status = 'OPEN'::text));
CREATE INDEX sale_refund_due_idx ON sale USING btree (tenant_id, voided_at, id) WHERE ((status = 'VOIDED'::text) AND ((payment_due_at IS NOT NULL) OR (lease_id IS NOT NULL)) AND (commit_key IS NOT NULL) AND (refund IS NULL));
CREATE INDEX sale_unsettled_idx ON sale USING btree (settle_after) WHERE (settle_after IS NOT NULL);
ALTER TABLE sale ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system_sweeper ON sale FOR ALL
  USING (current_setting('app.system'::text, true) = 'sweeper'::text);
CREATE POLICY tenant_isolation ON sale FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON sale TO onecount_pos;
CREATE TRIGGER sale_final_status BEFORE UPDATE OF status ON sale FOR EACH ROW WHEN ((old.status = ANY (ARRAY['COMMITTED'::text, 'VOIDED'::text])) AND new.status <> old.status) EXECUTE FUNCTION sale_refuse_reopening();
CREATE TRIGGER sale_lay_by_ends AFTER UPDATE OF status ON sale FOR EACH ROW WHEN (new.lay_by AND (new.status = ANY (ARRAY['COMMITTED'::text, 'VOIDED'::text])) AND old.status = 'PENDING'::text) EXECUTE FUNCTION lay_by_end();

CREATE TABLE sale_discount (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  id uuid NOT NULL,
  "position" integer NOT NULL,
  kind text NOT NULL,
  line_id uuid,
  excluded_line_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
  basis_points integer,
  asked_minor bigint,
  limit_basis_points integer,
  minimum_minor bigint,
  reason text,
  promotion_id uuid,
  code text,
  given_by text NOT NULL,
  given_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  amount_minor bigint DEFAULT 0 NOT NULL,
  cut_by text,
  CONSTRAINT sale_discount_pkey PRIMARY KEY (tenant_id, sale_id, id),
  CONSTRAINT sale_discount_amount_positive CHECK (amount_minor >= 0),
  CONSTRAINT sale_discount_asked_positive CHECK (asked_minor > 0),
  CONSTRAINT sale_discount_cut_known CHECK (cut_by = ANY (ARRAY['PRICE'::text, 'LIMIT'::text, 'MINIMUM'::text])),
  CONSTRAINT sale_discount_kind_known CHECK (kind = ANY (ARRAY['LINE'::text, 'SALE'::text, 'PROMOTION'::text])),
  CONSTRAINT sale_discount_line_fkey FOREIGN KEY (tenant_id, sale_id, line_id) REFERENCES sale_line(tenant_id, sale_id, id) ON DELETE CASCADE,
  CONSTRAINT sale_discount_line_of_its_kind CHECK ((kind = 'LINE'::text) = (line_id IS NOT NULL)),
  CONSTRAINT sale_discount_percent_or_amount CHECK (num_nonnulls(basis_points, asked_minor) = 1),
  CONSTRAINT sale_discount_percent_range CHECK (basis_points >= 1 AND basis_points <= 10000),
  CONSTRAINT sale_discount_position_key UNIQUE (tenant_id, sale_id, "position"),
  CONSTRAINT sale_discount_promotion_fkey FOREIGN KEY (tenant_id, promotion_id) REFERENCES promotion(tenant_id, id),
  CONSTRAINT sale_discount_promotion_key UNIQUE (tenant_id, sale_id, promotion_id),
  CONSTRAINT sale_discount_promotion_of_its_kind CHECK ((kind = 'PROMOTION'::text) = (promotion_id IS NOT NULL)),
  CONSTRAINT sale_discount_reason_given CHECK (kind = 'PROMOTION'::text OR reason IS NOT NULL),
  CONSTRAINT sale_discount_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id)
);
CREATE INDEX sale_discount_by_promotion_idx ON sale_discount USING btree (tenant_id, promotion_id) WHERE (promotion_id IS NOT NULL);
ALTER TABLE sale_discount ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_discount FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON sale_discount TO onecount_pos;

CREATE TABLE sale_discount_share (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  discount_id uuid NOT NULL,
  line_id uuid NOT NULL,
  amount_minor bigint NOT NULL,
  CONSTRAINT sale_discount_share_pkey PRIMARY KEY (tenant_id, sale_id, discount_id, line_id),
  CONSTRAINT sale_discount_share_discount_fkey FOREIGN KEY (tenant_id, sale_id, discount_id) REFERENCES sale_discount(tenant_id, sale_id, id) ON DELETE CASCADE,
  CONSTRAINT sale_discount_share_line_fkey FOREIGN KEY (tenant_id, sale_id, line_id) REFERENCES sale_line(tenant_id, sale_id, id) ON DELETE CASCADE,
  CONSTRAINT sale_discount_share_positive CHECK (amount_minor > 0)
);
CREATE INDEX sale_discount_share_by_line_idx ON sale_discount_share USING btree (tenant_id, sale_id, line_id);
ALTER TABLE sale_discount_share ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_discount_share FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON sale_discount_share TO onecount_pos;

CREATE TABLE sale_exchange (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  returned_sale_id uuid NOT NULL,
  return_id uuid NOT NULL,
  document jsonb NOT NULL,
  CONSTRAINT sale_exchange_pkey PRIMARY KEY (tenant_id, sale_id),
  CONSTRAINT sale_exchange_return_key UNIQUE (tenant_id, return_id),
  CONSTRAINT sale_exchange_returned_sale_fkey FOREIGN KEY (tenant_id, returned_sale_id) REFERENCES sale(tenant_id, id),
  CONSTRAINT sale_exchange_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id)
);
CREATE INDEX sale_exchange_by_returned_sale_idx ON sale_exchange USING btree (tenant_id, returned_sale_id);
ALTER TABLE sale_exchange ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_exchange FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON sale_exchange TO onecount_pos;
CREATE TRIGGER sale_exchange_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON sale_exchange FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sale_line (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  id uuid NOT NULL,
  "position" integer NOT NULL,
  stock_item_id uuid,
  variant_id uuid,
  sku text NOT NULL,
  title text NOT NULL,
  tracking text NOT NULL,
  serial_unit_id uuid,
  serial text,
  location_id uuid,
  quantity integer NOT NULL,
  unit_price_minor bigint NOT NULL,
  hold_id uuid,
  held_until timestamp with time zone,
  fulfil_from text DEFAULT 'SALE_LOCATION'::text NOT NULL,
  note text,
  returned_quantity integer DEFAULT 0 NOT NULL,
  purchase_cost_minor bigint,
  discount_minor bigint DEFAULT 0 NOT NULL,
  total_minor bigint GENERATED ALWAYS AS (((quantity * unit_price_minor) - discount_minor)) STORED NOT NULL,
  list_price_minor bigint,
  list_price_version integer,
  price_reason text,
  price_given_by text,
  gift_card_id uuid,
  salesperson text,
  category text,
  vendor text,
  CONSTRAINT sale_line_pkey PRIMARY KEY (tenant_id, sale_id, id),
  CONSTRAINT sale_line_discount_positive CHECK (discount_minor >= 0),
  CONSTRAINT sale_line_fulfil_from_known CHECK (fulfil_from = ANY (ARRAY['SALE_LOCATION'::text, 'LINE_LOCATION'::text, 'ANY_LOCATION'::text])),
  CONSTRAINT sale_line_gift_card_fkey FOREIGN KEY (tenant_id, gift_card_id) REFERENCES stored_value(tenant_id, id),
  CONSTRAINT sale_line_gift_card_is_one CHECK (gift_card_id IS NULL OR quantity = 1 AND tracking = 'NONE'::text),
  CONSTRAINT sale_line_note_length CHECK (length(note) >= 1 AND length(note) <= 500),
  CONSTRAINT sale_line_price_positive CHECK (unit_price_minor >= 0),
  CONSTRAINT sale_line_price_reason_length CHECK (length(price_reason) >= 1 AND length(price_reason) <= 255),
  CONSTRAINT sale_line_purchase_cost_positive CHECK (purchase_cost_minor >= 0),
  CONSTRAINT sale_line_quantity_range CHECK (quantity >= 1 AND quantity <= 9999),
  CONSTRAINT sale_line_returned_at_most_sold CHECK (returned_quantity >= 0 AND returned_quantity <= quantity),
  CONSTRAINT sale_line_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id),
  CONSTRAINT sale_line_salesperson_length CHECK (length(salesperson) >= 1 AND length(salesperson) <= 100),
  CONSTRAINT sale_line_total_positive CHECK (total_minor >= 0),
  CONSTRAINT sale_line_tracking_known CHECK (tracking = ANY (ARRAY['NONE'::text, 'QUANTITY'::text, 'SERIAL'::text])),
  CONSTRAINT sale_line_unit_is_one CHECK (serial_unit_id IS NULL OR quantity = 1)
);
CREATE INDEX sale_line_by_serial_idx ON sale_line USING btree (tenant_id, identifier_key(serial)) WHERE (serial IS NOT NULL);
CREATE INDEX sale_line_by_sku_idx ON sale_line USING btree (tenant_id, identifier_key(sku));
CREATE INDEX sale_line_by_unit_idx ON sale_line USING btree (tenant_id, serial_unit_id) WHERE (serial_unit_id IS NOT NULL);
ALTER TABLE sale_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_line FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON sale_line TO onecount_pos;
CREATE TRIGGER sale_line_group BEFORE INSERT ON sale_line FOR EACH ROW WHEN (new.variant_id IS NOT NULL) EXECUTE FUNCTION sale_line_group();

CREATE TABLE sale_line_unit (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  line_id uuid NOT NULL,
  "position" integer NOT NULL,
  serial_unit_id uuid NOT NULL,
  serial text,
  CONSTRAINT sale_line_unit_pkey PRIMARY KEY (tenant_id, sale_id, line_id, "position"),
  CONSTRAINT sale_line_unit_line_fkey FOREIGN KEY (tenant_id, sale_id, line_id) REFERENCES sale_line(tenant_id, sale_id, id)
);
CREATE INDEX sale_line_unit_by_serial_idx ON sale_line_unit USING btree (tenant_id, identifier_key(serial)) WHERE (serial IS NOT NULL);
CREATE INDEX sale_line_unit_by_unit_idx ON sale_line_unit USING btree (tenant_id, serial_unit_id);
ALTER TABLE sale_line_unit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_line_unit FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON sale_line_unit TO onecount_pos;

CREATE TABLE sale_return (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  number text NOT NULL,
  sale_id uuid NOT NULL,
  register_id uuid NOT NULL,
  shift_id uuid NOT NULL,
  location_id uuid NOT NULL,
  currency_code text NOT NULL,
  total_minor bigint NOT NULL,
  reason text NOT NULL,
  note text,
  returned_by text NOT NULL,
  returned_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  kind text DEFAULT 'RETURN'::text NOT NULL,
  CONSTRAINT sale_return_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT sale_return_kind_known CHECK (kind = ANY (ARRAY['RETURN'::text, 'POST_VOID'::text, 'EXCHANGE'::text])),
  CONSTRAINT sale_return_number_key UNIQUE (tenant_id, number),
  CONSTRAINT sale_return_other_is_explained CHECK (reason <> 'OTHER'::text OR note IS NOT NULL),
  CONSTRAINT sale_return_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register(tenant_id, id),
  CONSTRAINT sale_return_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id),
  CONSTRAINT sale_return_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift(tenant_id, id),
  CONSTRAINT sale_return_total_positive CHECK (total_minor >= 0)
);
CREATE INDEX sale_return_by_sale_idx ON sale_return USING btree (tenant_id, sale_id, returned_at, id);
CREATE INDEX sale_return_by_shift_idx ON sale_return USING btree (tenant_id, shift_id);
CREATE INDEX sale_return_newest_idx ON sale_return USING btree (tenant_id, returned_at DESC, id DESC);
CREATE UNIQUE INDEX sale_return_one_post_void ON sale_return USING btree (tenant_id, sale_id) WHERE (kind = 'POST_VOID'::text);
ALTER TABLE sale_return ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_return FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON sale_return TO onecount_pos;
CREATE TRIGGER sale_return_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON sale_return FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sale_return_line (
  tenant_id uuid NOT NULL,
  return_id uuid NOT NULL,
  "position" integer NOT NULL,
  sale_id uuid NOT NULL,
  line_id uuid NOT NULL,
  quantity integer NOT NULL,
  total_minor bigint NOT NULL,
  disposition text,
  CONSTRAINT sale_return_line_pkey PRIMARY KEY (tenant_id, return_id, "position"),
  CONSTRAINT sale_return_line_disposition_known CHECK (disposition = ANY (ARRAY['STOCK'::text, 'INSPECTION'::text, 'BENCH'::text, 'DAMAGED'::text])),
  CONSTRAINT sale_return_line_line_fkey FOREIGN KEY (tenant_id, sale_id, line_id) REFERENCES sale_line(tenant_id, sale_id, id),
  CONSTRAINT sale_return_line_quantity_positive CHECK (quantity > 0),
  CONSTRAINT sale_return_line_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return(tenant_id, id),
  CONSTRAINT sale_return_line_total_positive CHECK (total_minor >= 0)
);
CREATE INDEX sale_return_line_by_line_idx ON sale_return_line USING btree (tenant_id, line_id);
ALTER TABLE sale_return_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_return_line FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON sale_return_line TO onecount_pos;
CREATE TRIGGER sale_return_line_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON sale_return_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sale_return_refund (
  tenant_id uuid NOT NULL,
  return_id uuid NOT NULL,
  "position" integer NOT NULL,
  sale_id uuid NOT NULL,
  tender_position integer NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  reference text,
  stored_value_id uuid,
  CONSTRAINT sale_return_refund_pkey PRIMARY KEY (tenant_id, return_id, "position"),
  CONSTRAINT sale_return_refund_names_its_value CHECK ((kind = ANY (ARRAY['GIFT_CARD'::text, 'STORE_CREDIT'::text])) = (stored_value_id IS NOT NULL)),
  CONSTRAINT sale_return_refund_positive CHECK (amount_minor > 0),
  CONSTRAINT sale_return_refund_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return(tenant_id, id),
  CONSTRAINT sale_return_refund_stored_value_fkey FOREIGN KEY (tenant_id, stored_value_id) REFERENCES stored_value(tenant_id, id),
  CONSTRAINT sale_return_refund_tender_fkey FOREIGN KEY (tenant_id, sale_id, tender_position) REFERENCES sale_tender(tenant_id, sale_id, "position")
);
ALTER TABLE sale_return_refund ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_return_refund FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON sale_return_refund TO onecount_pos;
CREATE TRIGGER sale_return_refund_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON sale_return_refund FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sale_return_tax (
  tenant_id uuid NOT NULL,
  return_id uuid NOT NULL,
  "position" integer NOT NULL,
  sale_id uuid NOT NULL,
  line_id uuid NOT NULL,
  component text NOT NULL,
  rate numeric(9,6) NOT NULL,
  scheme text NOT NULL,
  base_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  CONSTRAINT sale_return_tax_pkey PRIMARY KEY (tenant_id, return_id, "position"),
  CONSTRAINT sale_return_tax_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return(tenant_id, id),
  CONSTRAINT sale_return_tax_sale_tax_fkey FOREIGN KEY (tenant_id, sale_id, line_id, component) REFERENCES sale_tax(tenant_id, sale_id, line_id, component)
);
CREATE INDEX sale_return_tax_by_sale_idx ON sale_return_tax USING btree (tenant_id, sale_id, line_id, component);
ALTER TABLE sale_return_tax ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_return_tax FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON sale_return_tax TO onecount_pos;
CREATE TRIGGER sale_return_tax_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON sale_return_tax FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sale_return_unit (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  line_id uuid NOT NULL,
  serial_unit_id uuid NOT NULL,
  serial text,
  return_id uuid NOT NULL,
  "position" integer NOT NULL,
  CONSTRAINT sale_return_unit_pkey PRIMARY KEY (tenant_id, sale_id, line_id, serial_unit_id),
  CONSTRAINT sale_return_unit_line_fkey FOREIGN KEY (tenant_id, return_id, "position") REFERENCES sale_return_line(tenant_id, return_id, "position")
);
CREATE INDEX sale_return_unit_by_return_idx ON sale_return_unit USING btree (tenant_id, return_id, "position");
ALTER TABLE sale_return_unit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_return_unit FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON sale_return_unit TO onecount_pos;
CREATE TRIGGER sale_return_unit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON sale_return_unit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sale_tax (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  line_id uuid NOT NULL,
  component text NOT NULL,
  rate numeric(9,6) NOT NULL,
  scheme text NOT NULL,
  base_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  added_minor bigint NOT NULL,
  CONSTRAINT sale_tax_pkey PRIMARY KEY (tenant_id, sale_id, line_id, component),
  CONSTRAINT sale_tax_added CHECK (
CASE scheme
    WHEN 'STANDARD'::text THEN added_minor = 0 OR added_minor = tax_minor
    WHEN 'MARGIN'::text THEN added_minor = 0
    ELSE added_minor <= 0
END),
  CONSTRAINT sale_tax_amounts CHECK (base_minor >= 0 AND tax_minor >= 0 AND (scheme <> 'EXEMPT'::text OR tax_minor = 0)),
  CONSTRAINT sale_tax_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id),
  CONSTRAINT sale_tax_scheme_known CHECK (scheme = ANY (ARRAY['STANDARD'::text, 'MARGIN'::text, 'EXEMPT'::text]))
);
ALTER TABLE sale_tax ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_tax FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON sale_tax TO onecount_pos;
CREATE TRIGGER sale_tax_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON sale_tax FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sale_tender (
  tenant_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  "position" integer NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  reference text,
  kept_minor bigint,
  refunded_minor bigint DEFAULT 0 NOT NULL,
  stored_value_id uuid,
  payment integer,
  CONSTRAINT sale_tender_pkey PRIMARY KEY (tenant_id, sale_id, "position"),
  CONSTRAINT sale_tender_kept_of_amount CHECK (kept_minor >= 0 AND kept_minor <= amount_minor),
  CONSTRAINT sale_tender_kind_known CHECK (kind = ANY (ARRAY['CASH'::text, 'CARD'::text, 'BANK_TRANSFER'::text, 'GIFT_CARD'::text, 'STORE_CREDIT'::text, 'EXCHANGE'::text])),
  CONSTRAINT sale_tender_names_its_value CHECK ((kind = ANY (ARRAY['GIFT_CARD'::text, 'STORE_CREDIT'::text])) = (stored_value_id IS NOT NULL)),
  CONSTRAINT sale_tender_payment_fkey FOREIGN KEY (tenant_id, sale_id, payment) REFERENCES lay_by_payment(tenant_id, sale_id, "position"),
  CONSTRAINT sale_tender_positive CHECK (amount_minor > 0),
  CONSTRAINT sale_tender_refunded_at_most_kept CHECK (refunded_minor >= 0 AND refunded_minor <= COALESCE(kept_minor, 0::bigint)),
  CONSTRAINT sale_tender_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id),
  CONSTRAINT sale_tender_stored_value_fkey FOREIGN KEY (tenant_id, stored_value_id) REFERENCES stored_value(tenant_id, id),
  CONSTRAINT sale_tender_transfer_has_reference CHECK (kind <> 'BANK_TRANSFER'::text OR reference IS NOT NULL)
);
ALTER TABLE sale_tender ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON sale_tender FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON sale_tender TO onecount_pos;

CREATE TABLE shift (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  register_id uuid NOT NULL,
  opened_at timestamp with time zone DEFAULT now() NOT NULL,
  opened_by text NOT NULL,
  currency_code text,
  opening_float_minor bigint,
  closed_at timestamp with time zone,
  closed_by text,
  counted_minor bigint,
  expected_minor bigint,
  close_reason text,
  CONSTRAINT shift_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT shift_amounts_have_currency CHECK (currency_code IS NOT NULL OR opening_float_minor IS NULL AND counted_minor IS NULL),
  CONSTRAINT shift_closed_whole CHECK ((closed_at IS NULL) = (counted_minor IS NULL) AND (closed_at IS NULL) = (expected_minor IS NULL)),
  CONSTRAINT shift_counted_positive CHECK (counted_minor >= 0),
  CONSTRAINT shift_float_positive CHECK (opening_float_minor >= 0),
  CONSTRAINT shift_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register(tenant_id, id)
);
CREATE INDEX shift_newest_idx ON shift USING btree (tenant_id, opened_at DESC, id DESC);
CREATE UNIQUE INDEX shift_one_open_per_register ON shift USING btree (tenant_id, register_id) WHERE (closed_at IS NULL);
ALTER TABLE shift ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON shift FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON shift TO onecount_pos;
CREATE TRIGGER shift_closed_final BEFORE DELETE OR UPDATE ON shift FOR EACH ROW WHEN (old.closed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

CREATE TABLE stock_movement (
  tenant_id uuid NOT NULL,
  movement_id uuid NOT NULL,
  sale_id uuid,
  line_id uuid,
  stock_item_id uuid NOT NULL,
  sku text NOT NULL,
  location_id uuid NOT NULL,
  location_code text NOT NULL,
  quantity integer NOT NULL,
  reason text NOT NULL,
  cost_minor bigint,
  cost_currency text,
  cost_quantity integer,
  occurred_at timestamp with time zone NOT NULL,
  CONSTRAINT stock_movement_pkey PRIMARY KEY (tenant_id, movement_id),
  CONSTRAINT stock_movement_cost_whole CHECK ((cost_minor IS NULL) = (cost_currency IS NULL) AND (cost_minor IS NULL) = (cost_quantity IS NULL)),
  CONSTRAINT stock_movement_is_reported CHECK (sale_id IS NOT NULL OR (reason = ANY (ARRAY['OPENING'::text, 'RECEIPT'::text])))
);
CREATE INDEX stock_movement_occurred_idx ON stock_movement USING brin (occurred_at);
CREATE INDEX stock_movement_of_sale_idx ON stock_movement USING btree (tenant_id, sale_id) WHERE (sale_id IS NOT NULL);
CREATE INDEX stock_movement_received_idx ON stock_movement USING btree (tenant_id, occurred_at) WHERE (sale_id IS NULL);
ALTER TABLE stock_movement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stock_movement FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON stock_movement TO onecount_pos;
CREATE TRIGGER stock_movement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stock_movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE stored_value (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  currency_code text NOT NULL,
  number text NOT NULL,
  code_hash bytea,
  customer_id uuid,
  balance_minor bigint DEFAULT 0 NOT NULL,
  entries integer DEFAULT 0 NOT NULL,
  active_at timestamp with time zone,
  expires_at timestamp with time zone,
  blocked_at timestamp with time zone,
  block_reason text,
  replaced_by uuid,
  issued_by text NOT NULL,
  issued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT stored_value_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stored_value_block_whole CHECK ((blocked_at IS NULL) = (block_reason IS NULL)),
  CONSTRAINT stored_value_card_has_code CHECK ((kind = 'GIFT_CARD'::text) = (code_hash IS NOT NULL)),
  CONSTRAINT stored_value_code_is_a_hash CHECK (length(code_hash) = 32),
  CONSTRAINT stored_value_code_key UNIQUE (tenant_id, code_hash),
  CONSTRAINT stored_value_credit_has_customer CHECK ((kind = 'STORE_CREDIT'::text) = (customer_id IS NOT NULL)),
  CONSTRAINT stored_value_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer(tenant_id, id),
  CONSTRAINT stored_value_kind_known CHECK (kind = ANY (ARRAY['GIFT_CARD'::text, 'STORE_CREDIT'::text])),
  CONSTRAINT stored_value_never_below_zero CHECK (balance_minor >= 0),
  CONSTRAINT stored_value_nothing_before_sale CHECK (active_at IS NOT NULL OR balance_minor = 0),
  CONSTRAINT stored_value_replaced_fkey FOREIGN KEY (tenant_id, replaced_by) REFERENCES stored_value(tenant_id, id)
);
CREATE UNIQUE INDEX stored_value_credit_number_key ON stored_value USING btree (tenant_id, number) WHERE (kind = 'STORE_CREDIT'::text);
CREATE INDEX stored_value_newest_idx ON stored_value USING btree (tenant_id, issued_at DESC, id DESC);
CREATE UNIQUE INDEX stored_value_one_credit ON stored_value USING btree (tenant_id, customer_id, currency_code) WHERE (customer_id IS NOT NULL);
ALTER TABLE stored_value ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stored_value FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON stored_value TO onecount_pos;

CREATE TABLE stored_value_entry (
  tenant_id uuid NOT NULL,
  stored_value_id uuid NOT NULL,
  number integer NOT NULL,
  previous_number integer GENERATED ALWAYS AS (NULLIF((number - 1), 0)) STORED,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  balance_minor bigint NOT NULL,
  sale_id uuid,
  tender_position integer,
  line_id uuid,
  return_id uuid,
  other_id uuid,
  reason text,
  recorded_by text,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT stored_value_entry_pkey PRIMARY KEY (tenant_id, stored_value_id, number),
  CONSTRAINT stored_value_entry_gapless FOREIGN KEY (tenant_id, stored_value_id, previous_number) REFERENCES stored_value_entry(tenant_id, stored_value_id, number),
  CONSTRAINT stored_value_entry_is_explained CHECK (
CASE kind
    WHEN 'SPENT'::text THEN tender_position IS NOT NULL AND amount_minor < 0
    WHEN 'GIVEN_BACK'::text THEN tender_position IS NOT NULL AND amount_minor > 0
    WHEN 'SOLD'::text THEN line_id IS NOT NULL AND amount_minor > 0
    WHEN 'TAKEN_BACK'::text THEN line_id IS NOT NULL AND return_id IS NOT NULL AND amount_minor < 0
    WHEN 'REFUNDED'::text THEN return_id IS NOT NULL AND amount_minor > 0
    WHEN 'TRANSFERRED'::text THEN other_id IS NOT NULL AND reason IS NOT NULL
    ELSE reason IS NOT NULL AND amount_minor > 0
END),
  CONSTRAINT stored_value_entry_kind_known CHECK (kind = ANY (ARRAY['SOLD'::text, 'ISSUED'::text, 'SPENT'::text, 'GIVEN_BACK'::text, 'REFUNDED'::text, 'TAKEN_BACK'::text, 'TRANSFERRED'::text])),
  CONSTRAINT stored_value_entry_moves_something CHECK (amount_minor <> 0),
  CONSTRAINT stored_value_entry_never_below_zero CHECK (balance_minor >= 0),
  CONSTRAINT stored_value_entry_number_positive CHECK (number > 0),
  CONSTRAINT stored_value_entry_of_fkey FOREIGN KEY (tenant_id, stored_value_id) REFERENCES stored_value(tenant_id, id),
  CONSTRAINT stored_value_entry_once_per_line UNIQUE (tenant_id, sale_id, line_id, kind),
  CONSTRAINT stored_value_entry_once_per_tender UNIQUE (tenant_id, sale_id, tender_position, kind),
  CONSTRAINT stored_value_entry_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return(tenant_id, id),
  CONSTRAINT stored_value_entry_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale(tenant_id, id)
);
ALTER TABLE stored_value_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stored_value_entry FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON stored_value_entry TO onecount_pos;
CREATE TRIGGER stored_value_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stored_value_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE stored_value_setting (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  gift_card_months integer,
  store_credit_months integer,
  set_by text NOT NULL,
  set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT stored_value_setting_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stored_value_setting_card_range CHECK (gift_card_months >= 1 AND gift_card_months <= 600),
  CONSTRAINT stored_value_setting_credit_range CHECK (store_credit_months >= 1 AND store_credit_months <= 600)
);
CREATE INDEX stored_value_setting_newest_idx ON stored_value_setting USING btree (tenant_id, set_at DESC);
ALTER TABLE stored_value_setting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON stored_value_setting FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON stored_value_setting TO onecount_pos;
CREATE TRIGGER stored_value_setting_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stored_value_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE tax_rule (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid,
  tax_code text,
  component text NOT NULL,
  rate numeric(9,6) NOT NULL,
  valid_from timestamp with time zone NOT NULL,
  valid_to timestamp with time zone,
  added_by text NOT NULL,
  added_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  cancelled_by text,
  cancelled_at timestamp with time zone,
  CONSTRAINT tax_rule_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT tax_rule_cancelled_by_somebody CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL)),
  CONSTRAINT tax_rule_ends_after_start CHECK (valid_to > valid_from),
  CONSTRAINT tax_rule_rate_range CHECK (rate >= 0::numeric AND rate <= 100::numeric)
);
CREATE UNIQUE INDEX tax_rule_one_a_start ON tax_rule USING btree (tenant_id, location_id, identifier_key(tax_code), component, valid_from) NULLS NOT DISTINCT WHERE (cancelled_at IS NULL);
ALTER TABLE tax_rule ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tax_rule FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT DELETE, INSERT, SELECT, UPDATE ON tax_rule TO onecount_pos;

CREATE TABLE tax_setting (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid,
  prices_include_tax boolean NOT NULL,
  rounding text NOT NULL,
  cash_steps jsonb NOT NULL,
  set_by text NOT NULL,
  set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT tax_setting_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT tax_setting_rounding_known CHECK (rounding = ANY (ARRAY['LINE'::text, 'DOCUMENT'::text]))
);
CREATE INDEX tax_setting_by_location_idx ON tax_setting USING btree (tenant_id, location_id, set_at);
ALTER TABLE tax_setting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tax_setting FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON tax_setting TO onecount_pos;
CREATE TRIGGER tax_setting_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON tax_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE z_report (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  register_id uuid NOT NULL,
  number integer NOT NULL,
  previous_number integer GENERATED ALWAYS AS (NULLIF((number - 1), 0)) STORED,
  shift_id uuid NOT NULL,
  register_name text NOT NULL,
  location_id uuid NOT NULL,
  location_code text NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  opened_by text NOT NULL,
  closed_at timestamp with time zone NOT NULL,
  closed_by text NOT NULL,
  close_reason text,
  figures jsonb NOT NULL,
  tenders jsonb NOT NULL,
  denominations jsonb NOT NULL,
  CONSTRAINT z_report_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT z_report_gapless FOREIGN KEY (tenant_id, register_id, previous_number) REFERENCES z_report(tenant_id, register_id, number),
  CONSTRAINT z_report_number_key UNIQUE (tenant_id, register_id, number),
  CONSTRAINT z_report_number_positive CHECK (number > 0),
  CONSTRAINT z_report_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift(tenant_id, id),
  CONSTRAINT z_report_shift_key UNIQUE (tenant_id, shift_id)
);
CREATE INDEX z_report_newest_idx ON z_report USING btree (tenant_id, closed_at DESC, id DESC);
ALTER TABLE z_report ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON z_report FOR ALL
  USING (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON z_report TO onecount_pos;
CREATE TRIGGER z_report_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON z_report FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
