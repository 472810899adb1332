import type { IdempotencyKeyReused } from '@onecount/db';
import { moneyOf } from '@onecount/money';
import { refuse, type InvalidInput, type NotFound } from '@onecount/refusal';
import type { insufficientCash } from '../cash/cash-movement.errors.ts';
import type { currencyMismatch, registerClosed } from '../sale/sale.errors.ts';
import type { CustomerErased } from '../customer/customer.errors.ts';
import type { Sale } from '../sale/sale.ts';
import type { StoredValueRefused } from '../stored-value/stored-value.errors.ts';
import type { TenderKind } from './refund.ts';

// Precedence when several apply: input → idempotency key → unknown sale → state of the sale → the till → lines →
// currency → refunds → the drawer. Tested by the table in return.int.spec.ts.

const stateWords = {
  OPEN: 'is a basket',
  PENDING: 'is being checked out',
  COMMITTED: 'is sold',
  VOIDED: 'is void',
} as const;

export function saleNotReturnable(sale: Sale) {
  const message = `The sale ${stateWords[sale.status]}: nothing can come back of it.`;
  return refuse('SaleNotReturnable', 'SALE_NOT_RETURNABLE', message, { sale });
}

export function returnExceedsSold(of: {
  lineId: string;
  sku: string;
  soldQuantity: number;
  returnedQuantity: number;
  requestedQuantity: number;
}) {
  const { sku, soldQuantity: sold, returnedQuantity: returned, requestedQuantity } = of;
  const message = `${requestedQuantity} of ${sku} cannot come back: ${sold} were sold, ${returned} of them came back already.`;
  return refuse('ReturnExceedsSold', 'RETURN_EXCEEDS_SOLD', message, of);
}

export function refundMismatch(of: {
  dueMinor: number;
  refundedMinor: number;
  currencyCode: string;
}) {
  const { dueMinor, refundedMinor, currencyCode } = of;
  const due = moneyOf({ amountMinor: dueMinor, currencyCode });
  const refunded = moneyOf({ amountMinor: refundedMinor, currencyCode });
  const message = `${due.amount} ${currencyCode} was paid for this and goes back, not ${refunded.amount}.`;
  return refuse('RefundMismatch', 'REFUND_MISMATCH', message, { due, refunded });
}

export function refundExceedsTender(of: {
  kind: TenderKind;
  tenderIndex: number | null;
  amountMinor: number;
  refundableMinor: number;
  currencyCode: string;
}) {
  const { kind: tenderKind, tenderIndex, currencyCode } = of;
  const requested = moneyOf({ amountMinor: of.amountMinor, currencyCode });
  const refundable = moneyOf({ amountMinor: of.refundableMinor, currencyCode });
  const message = `${refundable.amount} ${currencyCode} can still go back so, not ${requested.amount}.`;
  const data = { tenderKind, tenderIndex, requested, refundable };
  return refuse('RefundExceedsTender', 'REFUND_EXCEEDS_TENDER', message, data);
}

// The union of return.graphql, checked by the compiler.
export type SaleReturnRefusal =
  | IdempotencyKeyReused
  | NotFound
  | InvalidInput
  | StoredValueRefused
  | CustomerErased
  | ReturnType<
      | typeof saleNotReturnable
      | typeof returnExceedsSold
      | typeof refundMismatch
      | typeof refundExceedsTender
      | typeof registerClosed
      | typeof currencyMismatch
      | typeof insufficientCash
    >;
