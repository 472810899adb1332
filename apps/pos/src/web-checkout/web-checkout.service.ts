import type { IdempotencyKeyReused } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import {
  checkKey,
  invalidInput,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import { belowMinimumPrice, type BelowMinimumPrice } from '../consignment/consignment.errors.ts';
import { linesBelowMinimum } from '../consignment/consignment.sql.ts';
import type { PromotionRefused } from '../discount/promotion.errors.ts';
import { promotionRefusal } from '../discount/promotion.sql.ts';
import type { CheckoutParts } from '../sale/checkout.service.ts';
import { keepingRefusal, keyUseOf, refusedBefore, type Caller } from '../sale/idempotency.ts';
import {
  saleClaimLost,
  saleEmpty,
  saleNotOpen,
  salePending,
  type UnsoldRefusal,
} from '../sale/sale.errors.ts';
import { checkSeconds } from '../sale/sale.input.ts';
import { readForCheckout } from '../sale/sale.sql.ts';
import { takesLines, type Sale } from '../sale/sale.ts';
import { fixedTax } from '../tax/sale-tax.ts';
import { checkBuyerChecksOut, withSecret } from './public-basket.ts';
import { storeCheckout } from './web-checkout.sql.ts';

export type SaleCheckoutInput = {
  saleId: string;
  paymentSeconds?: number | null;
  basketSecret?: string | null;
  idempotencyKey: string;
};
type CheckedOut = { __typename: 'SaleCheckoutSuccess'; sale: Sale };
export type SaleCheckoutRefusal =
  | IdempotencyKeyReused
  | NotFound
  | InvalidInput
  | UnsoldRefusal
  | BelowMinimumPrice
  | ReturnType<typeof saleNotOpen>
  | ReturnType<typeof saleEmpty>
  | PromotionRefused;
export type WebCheckoutService = ReturnType<typeof createWebCheckoutService>;

const paymentSecondsRange = { min: 60, max: 1_209_600 };
// As for a payment: a basket that changes more often than this meanwhile is no customer's.
const readsMax = 10;

/** A checkout whose payment comes later: the stock is its own at once, for a time. */
export function createWebCheckoutService(parts: CheckoutParts) {
  return {
    checkout: (caller: Caller, input: SaleCheckoutInput) =>
      keepingRefusal(parts.db, caller, { operation: 'saleCheckout', input }, () =>
        withSecret(parts.db, caller, { input, check: checkBuyerChecksOut }, () =>
          checkout(parts, caller, input),
        ),
      ),
  };
}

async function checkout(
  parts: CheckoutParts,
  caller: Caller,
  input: SaleCheckoutInput,
): Promise<CheckedOut | SaleCheckoutRefusal> {
  const { saleId } = input;
  const invalid =
    checkKey(input.idempotencyKey) ??
    checkSeconds('paymentSeconds', input.paymentSeconds, paymentSecondsRange);
  if (invalid) return invalid;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  const use = keyUseOf(caller, input);
  for (let read = 1; read <= readsMax; read += 1) {
    const { record, sale } = await readForCheckout(parts.db, { ...use, saleId });
    const before = record && refusedBefore<SaleCheckoutRefusal>(record, use, 'saleCheckout');
    if (before) return before;
    if (!sale) return notFound('Sale', saleId);
    if (record) return awaited(parts, caller, sale);
    if (!takesLines(sale)) return saleNotOpen(sale);
    if (sale.registerId)
      return invalidInput('saleId', 'A sale at a till is paid at once, by saleCommit.', saleId);
    if (sale.lines.length === 0) return saleEmpty(sale.id);
    crashAt('sale.checkout.before-commit');
    const { sweepAfterSeconds: settleSeconds, paymentSeconds } = parts.settings;
    const step = await storeCheckout(parts.db, use, {
      ...{ saleId, version: sale.version, settleSeconds, tax: fixedTax(sale, []) },
      paymentSeconds: input.paymentSeconds ?? paymentSeconds,
    });
    if (step.outcome === 'PROMOTION_REFUSED') {
      const refusal = await promotionRefusal(parts.db, caller, { saleId, customerId: null });
      if (refusal) return refusal;
    }
    if (step.outcome === 'BELOW_MINIMUM') {
      const lines = await linesBelowMinimum(parts.db, { ...use, saleId });
      if (lines.length > 0) return belowMinimumPrice(lines, sale.currencyCode);
    }
    // CHANGED: the basket moved on. KEY_USED: a twin was first. Reading again shows which.
    if (step.outcome !== 'PENDING') continue;
    crashAt('sale.checkout.after-commit');
    return awaited(parts, caller, step.sale!);
  }
  throw new Error(`sale ${saleId} changed ${readsMax} times while it was being checked out`);
}

/** As the payment's, this answer follows from the sale alone. */
async function awaited(
  { driver, settings }: CheckoutParts,
  caller: Caller,
  sale: Sale,
): Promise<CheckedOut | SaleCheckoutRefusal> {
  const end = await driver.driveCheckout(caller, sale, { patienceMs: settings.claimPatienceMs });
  if (end.status === 'COMMITTED' || (end.status === 'PENDING' && end.claimedAt))
    return { __typename: 'SaleCheckoutSuccess', sale: end };
  if (end.status === 'PENDING') return salePending(end.id);
  return end.refusalReasons ? saleClaimLost(end, end.refusalReasons) : saleNotOpen(end);
}
