import type { IdempotencyKeyReused } from '@onecount/db';
import { refuse, type InvalidInput, type NotFound } from '@onecount/refusal';
import type { insufficientCash } from '../cash/cash-movement.errors.ts';
import type { Sale } from '../sale/sale.ts';
import type { StoredValueRefused } from '../stored-value/stored-value.errors.ts';
import type { saleNotReturnable } from './return.errors.ts';

// Precedence when several apply: input → idempotency key → unknown sale → state of the sale → what came back → the
// shift → the drawer. Tested by the table in post-void.int.spec.ts.

export type PostVoidObstacle = 'CAME_BACK' | 'SHIFT_NOT_OPEN' | 'EXCHANGE';

const words: Record<PostVoidObstacle, string> = {
  CAME_BACK: 'Something of this sale came back already: take back what is left of it as a return.',
  EXCHANGE: 'Goods of another sale paid for this one: take back what went out as a return.',
  SHIFT_NOT_OPEN:
    'This sale is of no shift that is open: take it back as a return, which counts in the shift of today.',
};

export function saleNotPostVoidable(sale: Sale, reason: PostVoidObstacle) {
  return refuse('SaleNotPostVoidable', 'SALE_NOT_POST_VOIDABLE', words[reason], { sale, reason });
}

// The union of post-void.graphql, checked by the compiler.
export type SalePostVoidRefusal =
  | IdempotencyKeyReused
  | NotFound
  | InvalidInput
  | StoredValueRefused
  | ReturnType<typeof saleNotReturnable | typeof saleNotPostVoidable | typeof insufficientCash>;
