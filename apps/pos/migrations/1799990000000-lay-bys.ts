import { migration, tenantTable } from '@onecount/db';

/**
 * A lay-by is a sale that is PENDING and paid in parts (ADR 0371). Each payment is a row whose `before_minor` is the
 * `after_minor` of the one before, by foreign key, and never more than the total, by CHECK: what was paid is right however
 * many tills pay at once. `sale_tender.payment` says with which payment a tender came: it counts in the shift of that
 * payment, and of a sale that was paid at once it is null.
 */
export const LayBys1799990000000 = migration(
  'LayBys1799990000000',
  `
CREATE TABLE lay_by_setting (
  tenant_id       uuid NOT NULL,
  deposit_percent integer NOT NULL CONSTRAINT lay_by_setting_deposit_range CHECK (deposit_percent BETWEEN 0 AND 99),
  fee_percent     integer CONSTRAINT lay_by_setting_fee_percent_range CHECK (fee_percent BETWEEN 0 AND 100),
  fee_minor       bigint CONSTRAINT lay_by_setting_fee_positive CHECK (fee_minor >= 0),
  fee_currency    text,
  grace_days      integer NOT NULL CONSTRAINT lay_by_setting_grace_range CHECK (grace_days BETWEEN 0 AND 365),
  expiry          text NOT NULL CONSTRAINT lay_by_setting_expiry_known CHECK (expiry IN ('CANCEL', 'TELL')),
  reminder_days   integer NOT NULL CONSTRAINT lay_by_setting_reminder_range CHECK (reminder_days BETWEEN 0 AND 60),
  set_by          text NOT NULL,
  set_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT lay_by_setting_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT lay_by_setting_one_fee CHECK (num_nonnulls(fee_percent, fee_minor) = 1 AND (fee_minor IS NULL) = (fee_currency IS NULL))
);
${tenantTable('lay_by_setting')}

CREATE TABLE lay_by (
  tenant_id      uuid NOT NULL,
  sale_id        uuid NOT NULL,
  currency_code  text NOT NULL,
  total_minor    bigint NOT NULL CONSTRAINT lay_by_total_positive CHECK (total_minor > 0),
  deposit_minor  bigint NOT NULL,
  payments       integer,
  paid_minor     bigint NOT NULL DEFAULT 0,
  fee_minor      bigint NOT NULL CONSTRAINT lay_by_fee_positive CHECK (fee_minor >= 0),
  grace_days     integer NOT NULL,
  expiry         text NOT NULL,
  reminder_days  integer NOT NULL,
  next_due_at    timestamptz,
  reminded_for   timestamptz,
  overdue_for    timestamptz,
  version        integer NOT NULL DEFAULT 0,
  opened_by      text NOT NULL,
  opened_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  outcome        text CONSTRAINT lay_by_outcome_known CHECK (outcome IN ('COMPLETED', 'CANCELLED', 'EXPIRED', 'REFUSED')),
  ended_at       timestamptz,
  kept_fee_minor bigint NOT NULL DEFAULT 0,
  owed_minor     bigint GENERATED ALWAYS AS (CASE WHEN outcome <> 'COMPLETED' THEN paid_minor - kept_fee_minor END) STORED,
  refunded_at    timestamptz,
  CONSTRAINT lay_by_pkey PRIMARY KEY (tenant_id, sale_id),
  CONSTRAINT lay_by_total_key UNIQUE (tenant_id, sale_id, total_minor),
  CONSTRAINT lay_by_owed_key UNIQUE (tenant_id, sale_id, owed_minor),
  CONSTRAINT lay_by_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT lay_by_deposit_is_a_part CHECK (deposit_minor > 0 AND deposit_minor < total_minor),
  CONSTRAINT lay_by_paid_at_most_total CHECK (paid_minor BETWEEN 0 AND total_minor),
  CONSTRAINT lay_by_fee_at_most_paid CHECK (kept_fee_minor BETWEEN 0 AND paid_minor),
  CONSTRAINT lay_by_ended_whole CHECK ((outcome IS NULL) = (ended_at IS NULL)),
  CONSTRAINT lay_by_completed_is_paid CHECK (outcome IS DISTINCT FROM 'COMPLETED' OR paid_minor = total_minor)
);
CREATE INDEX lay_by_due_idx ON lay_by (tenant_id, next_due_at, sale_id) WHERE outcome IS NULL;
CREATE INDEX lay_by_refund_due_idx ON lay_by (tenant_id, ended_at, sale_id) WHERE owed_minor > 0 AND refunded_at IS NULL;
${tenantTable('lay_by', { systemRoles: ['sweeper'] })}

CREATE TABLE lay_by_instalment (
  tenant_id     uuid NOT NULL,
  sale_id       uuid NOT NULL,
  position      integer NOT NULL,
  due_at        timestamptz NOT NULL,
  amount_minor  bigint NOT NULL CONSTRAINT lay_by_instalment_positive CHECK (amount_minor > 0),
  through_minor bigint NOT NULL,
  total_minor   bigint NOT NULL,
  CONSTRAINT lay_by_instalment_pkey PRIMARY KEY (tenant_id, sale_id, position),
  CONSTRAINT lay_by_instalment_total_fkey FOREIGN KEY (tenant_id, sale_id, total_minor)
    REFERENCES lay_by (tenant_id, sale_id, total_minor),
  CONSTRAINT lay_by_instalment_at_most_total CHECK (through_minor BETWEEN amount_minor AND total_minor)
);
${tenantTable('lay_by_instalment', { appendOnly: true })}

CREATE TABLE lay_by_payment (
  tenant_id    uuid NOT NULL,
  sale_id      uuid NOT NULL,
  position     integer NOT NULL CONSTRAINT lay_by_payment_position_range CHECK (position >= 1),
  previous     integer GENERATED ALWAYS AS (nullif(position, 1) - 1) STORED,
  number       text NOT NULL,
  amount_minor bigint NOT NULL CONSTRAINT lay_by_payment_positive CHECK (amount_minor > 0),
  before_minor bigint NOT NULL,
  after_minor  bigint NOT NULL,
  total_minor  bigint NOT NULL,
  register_id  uuid,
  shift_id     uuid,
  paid_by      text NOT NULL,
  paid_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT lay_by_payment_pkey PRIMARY KEY (tenant_id, sale_id, position),
  CONSTRAINT lay_by_payment_number_key UNIQUE (tenant_id, number),
  CONSTRAINT lay_by_payment_after_key UNIQUE (tenant_id, sale_id, position, after_minor),
  CONSTRAINT lay_by_payment_chain_fkey FOREIGN KEY (tenant_id, sale_id, previous, before_minor)
    REFERENCES lay_by_payment (tenant_id, sale_id, position, after_minor),
  CONSTRAINT lay_by_payment_total_fkey FOREIGN KEY (tenant_id, sale_id, total_minor)
    REFERENCES lay_by (tenant_id, sale_id, total_minor),
  CONSTRAINT lay_by_payment_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
  CONSTRAINT lay_by_payment_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift (tenant_id, id),
  CONSTRAINT lay_by_payment_till_whole CHECK ((register_id IS NULL) = (shift_id IS NULL)),
  CONSTRAINT lay_by_payment_begins_with_nothing CHECK (position > 1 OR before_minor = 0),
  CONSTRAINT lay_by_payment_adds_up CHECK (after_minor = before_minor + amount_minor),
  CONSTRAINT lay_by_payment_at_most_total CHECK (after_minor <= total_minor)
);
CREATE INDEX lay_by_payment_by_shift_idx ON lay_by_payment (tenant_id, shift_id) WHERE shift_id IS NOT NULL;
${tenantTable('lay_by_payment', { appendOnly: true })}

-- What the lay-by says was paid is what its last payment says.
ALTER TABLE lay_by ADD CONSTRAINT lay_by_paid_fkey FOREIGN KEY (tenant_id, sale_id, payments, paid_minor)
  REFERENCES lay_by_payment (tenant_id, sale_id, position, after_minor);

-- All that is owed, once.
CREATE TABLE lay_by_refund (
  tenant_id    uuid NOT NULL,
  sale_id      uuid NOT NULL,
  kind         text NOT NULL,
  amount_minor bigint NOT NULL CONSTRAINT lay_by_refund_positive CHECK (amount_minor > 0),
  reference    text,
  register_id  uuid,
  shift_id     uuid,
  refunded_by  text NOT NULL,
  refunded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT lay_by_refund_pkey PRIMARY KEY (tenant_id, sale_id),
  CONSTRAINT lay_by_refund_owed_fkey FOREIGN KEY (tenant_id, sale_id, amount_minor)
    REFERENCES lay_by (tenant_id, sale_id, owed_minor),
  CONSTRAINT lay_by_refund_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
  CONSTRAINT lay_by_refund_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift (tenant_id, id),
  CONSTRAINT lay_by_refund_till_whole CHECK ((register_id IS NULL) = (shift_id IS NULL)),
  CONSTRAINT lay_by_refund_cash_of_a_till CHECK (kind <> 'CASH' OR shift_id IS NOT NULL)
);
CREATE INDEX lay_by_refund_by_shift_idx ON lay_by_refund (tenant_id, shift_id) WHERE shift_id IS NOT NULL;
${tenantTable('lay_by_refund', { appendOnly: true })}

ALTER TABLE sale ADD COLUMN lay_by boolean NOT NULL DEFAULT false;
ALTER TABLE sale_tender ADD COLUMN payment integer,
  ADD CONSTRAINT sale_tender_payment_fkey FOREIGN KEY (tenant_id, sale_id, payment)
    REFERENCES lay_by_payment (tenant_id, sale_id, position);`,
);
