import { migration, tenantTable } from '@onecount/db';

/**
 * Cash that goes into a drawer or out of it without a sale. Append-only: a mistake is a second movement the other way.
 * A shift is found newest first, open ones by when they were opened.
 */
export const CashMovements1799800001000 = migration(
  'CashMovements1799800001000',
  `
CREATE TABLE cash_movement (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  register_id   uuid NOT NULL,
  shift_id      uuid NOT NULL,
  kind          text NOT NULL,
  amount_minor  bigint NOT NULL,
  currency_code text NOT NULL,
  reason        text NOT NULL,
  note          text,
  recorded_by   text NOT NULL,
  recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT cash_movement_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT cash_movement_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
  CONSTRAINT cash_movement_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift (tenant_id, id),
  CONSTRAINT cash_movement_kind_known CHECK (kind IN ('PAY_IN', 'PAY_OUT', 'DROP')),
  CONSTRAINT cash_movement_amount_positive CHECK (amount_minor > 0),
  CONSTRAINT cash_movement_other_is_explained CHECK (reason <> 'OTHER' OR note IS NOT NULL)
);
CREATE INDEX cash_movement_by_shift_idx ON cash_movement (tenant_id, shift_id, recorded_at, id);
${tenantTable('cash_movement', { appendOnly: true })}
CREATE INDEX shift_newest_idx ON shift (tenant_id, opened_at DESC, id DESC);`,
);
