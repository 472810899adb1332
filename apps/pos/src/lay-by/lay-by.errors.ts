import { moneyOf } from '@onecount/money';
import { refuse } from '@onecount/refusal';
import type { LayBy } from './lay-by.sql.ts';

// Precedence when several apply: input → idempotency key → unknown sale → state of the sale or lay-by → its customer →
// currency → amounts → schedule → the till. Tested by the tables in lay-by.int.spec.ts.

export function layByNeedsCustomer(saleId: string) {
  const message = 'A lay-by is of a customer: name one, by saleCustomerSet.';
  return refuse('LayByNeedsCustomer', 'LAY_BY_NEEDS_CUSTOMER', message, { saleId });
}

/** Between which amounts a payment is, and what was tendered. */
export function layByAmountRefused(of: {
  leastMinor: number;
  mostMinor: number;
  tenderedMinor: number;
  currencyCode: string;
}) {
  const { currencyCode } = of;
  const money = (amountMinor: number) => moneyOf({ amountMinor, currencyCode });
  const least = money(of.leastMinor);
  const most = money(of.mostMinor);
  const tendered = money(of.tenderedMinor);
  const message = `At least ${least.amount} and at most ${most.amount} ${currencyCode} can be paid now, ${tendered.amount} was tendered.`;
  return refuse('LayByAmountRefused', 'LAY_BY_AMOUNT_REFUSED', message, { least, most, tendered });
}

export function layByScheduleMismatch(of: {
  restMinor: number;
  scheduledMinor: number;
  currencyCode: string;
}) {
  const { currencyCode } = of;
  const rest = moneyOf({ amountMinor: of.restMinor, currencyCode });
  const scheduled = moneyOf({ amountMinor: of.scheduledMinor, currencyCode });
  const message = `The instalments come to ${scheduled.amount} ${currencyCode}, ${rest.amount} is left to pay.`;
  const data = { rest, scheduled };
  return refuse('LayByScheduleMismatch', 'LAY_BY_SCHEDULE_MISMATCH', message, data);
}

const endWords = {
  COMPLETED: 'was paid in full',
  CANCELLED: 'was cancelled',
  EXPIRED: 'has expired',
  REFUSED: 'did not get its stock',
} as const;

export function layByEnded(layBy: LayBy) {
  const how = layBy.outcome ? endWords[layBy.outcome] : 'is being completed';
  return refuse('LayByEnded', 'LAY_BY_ENDED', `The lay-by ${how}.`, { layBy });
}

export function layByRefundNotDue(layBy: LayBy) {
  const message = layBy.refund
    ? 'What was owed has been given back.'
    : 'Nothing is owed back for this lay-by.';
  return refuse('LayByRefundNotDue', 'LAY_BY_REFUND_NOT_DUE', message, { layBy });
}
