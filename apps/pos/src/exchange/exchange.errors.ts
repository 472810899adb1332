import type { CustomerErased } from '../customer/customer.errors.ts';
import type { insufficientCash } from '../cash/cash-movement.errors.ts';
import type { BelowMinimumPrice } from '../consignment/consignment.errors.ts';
import type { PromotionRefused } from '../discount/promotion.errors.ts';
import type {
  refundExceedsTender,
  refundMismatch,
  returnExceedsSold,
  saleNotReturnable,
} from '../return/return.errors.ts';
import type { PaymentRefusal, registerClosed, UnsoldRefusal } from '../sale/sale.errors.ts';
import type { IdempotencyKeyReused } from '@onecount/db';
import type { NotFound } from '@onecount/refusal';

// Precedence when several apply: input → idempotency key → the sale that it comes back of → the basket → lines that come
// back → currency → refunds → tenders → the till → the drawer → the stock of what goes out. Tested by the table in
// exchange.int.spec.ts. The union of exchange.graphql, checked by the compiler.
export type SaleExchangeRefusal =
  | IdempotencyKeyReused
  | NotFound
  | PaymentRefusal
  | CustomerErased
  | UnsoldRefusal
  | BelowMinimumPrice
  | PromotionRefused
  | ReturnType<
      | typeof saleNotReturnable
      | typeof returnExceedsSold
      | typeof refundMismatch
      | typeof refundExceedsTender
      | typeof registerClosed
      | typeof insufficientCash
    >;
