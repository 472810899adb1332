import { migration } from '@onecount/db';

/**
 * A checkout whose payment is awaited is PENDING with `payment_due_at` and without `commit_key`, which comes with the payment
 * (ADR 0345). What was paid for a sale that is void is owed back until `refund` says that it went: the index has those, and
 * nothing that could be lost between two writes. `late_of` is the expired checkout whose late payment a sale has.
 */
export const CheckoutsAwaitTheirPayment1799930000000 = migration(
  'CheckoutsAwaitTheirPayment1799930000000',
  `
ALTER TABLE sale
  ADD COLUMN payment_due_at timestamptz,
  ADD COLUMN claimed_at timestamptz,
  ADD COLUMN expired_at timestamptz,
  ADD COLUMN late_of uuid,
  ADD COLUMN refund jsonb;
CREATE UNIQUE INDEX sale_late_of_key ON sale (tenant_id, late_of) WHERE late_of IS NOT NULL;
CREATE INDEX sale_refund_due_idx ON sale (tenant_id, voided_at, id)
  WHERE status = 'VOIDED' AND payment_due_at IS NOT NULL AND commit_key IS NOT NULL AND refund IS NULL;`,
);
