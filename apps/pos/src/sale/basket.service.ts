import { addLine, removeLine, type BasketDeps } from './line.service.ts';
import { openSale } from './opening.service.ts';
import type { SaleLineAddInput, SaleLineRemoveInput, SaleOpenInput } from './sale.input.ts';
import type { Caller } from './idempotency.ts';

export type BasketService = ReturnType<typeof createBasketService>;

/** Opening a sale and changing its lines while it is OPEN (docs/sale.md, "The basket"). */
export function createBasketService(deps: BasketDeps) {
  return {
    open: (caller: Caller, input: SaleOpenInput) => openSale(deps, caller, input),
    addLine: (caller: Caller, input: SaleLineAddInput) => addLine(deps, caller, input),
    removeLine: (caller: Caller, input: SaleLineRemoveInput) => removeLine(deps, caller, input),
  };
}
