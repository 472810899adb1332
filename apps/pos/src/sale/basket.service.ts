import type { InvalidInput } from '@onecount/refusal';
import { addLine, quantityOf, removeLine, type BasketDeps } from './line.service.ts';
import { renewHolds } from './holds-renew.service.ts';
import { updateLine } from './line-update.service.ts';
import { addLines } from './lines-add.service.ts';
import { openSale } from './opening.service.ts';
import type {
  SaleHoldsRenewInput,
  SaleLineAddInput,
  SaleLineRemoveInput,
  SaleLinesAddInput,
  SaleLineUpdateInput,
  SaleOpenInput,
} from './sale.input.ts';
import {
  checkBuyerAdds,
  checkBuyerChanges,
  checkBuyerRenews,
  isBuyer,
  withSecret,
  type Own,
} from '../web-checkout/public-basket.ts';
import { openPublic } from '../web-checkout/public-opening.service.ts';
import { keepingRefusal, type Caller } from './idempotency.ts';

export type BasketService = ReturnType<typeof createBasketService>;

/** Opening a sale and changing its lines while it is OPEN (docs/sale.md, "The basket"). */
export function createBasketService(deps: BasketDeps) {
  const { db } = deps;
  const ofBasket = <I extends Own, A>(
    caller: Caller,
    input: I,
    check: (input: I) => InvalidInput | undefined,
    run: () => Promise<A>,
  ) => withSecret(db, caller, { input, check }, run);
  return {
    open(caller: Caller, given: SaleOpenInput) {
      const lines = given.lines?.map((line) => ({ ...line, quantity: quantityOf(line) }));
      const input = lines ? { ...given, lines } : given;
      const asked = { operation: 'saleOpen', input };
      const open = isBuyer(caller, 'sale:write') ? openPublic : openSale;
      return keepingRefusal(db, caller, asked, () => open(deps, caller, input));
    },
    addLine(caller: Caller, given: SaleLineAddInput) {
      const input = { ...given, quantity: quantityOf(given) };
      const asked = { operation: 'saleLineAdd', input };
      return keepingRefusal(db, caller, asked, () =>
        ofBasket(caller, input, checkBuyerAdds, () => addLine(deps, caller, input)),
      );
    },
    addLines(caller: Caller, given: SaleLinesAddInput) {
      const lines = given.lines.map((line) => ({ ...line, quantity: quantityOf(line) }));
      const input = { ...given, lines };
      const asked = { operation: 'saleLinesAdd', input };
      return keepingRefusal(db, caller, asked, () => addLines(deps, caller, input));
    },
    renewHolds(caller: Caller, input: SaleHoldsRenewInput) {
      const asked = { operation: 'saleHoldsRenew', input };
      return keepingRefusal(db, caller, asked, () =>
        ofBasket(caller, input, checkBuyerRenews, () => renewHolds(deps, caller, input)),
      );
    },
    updateLine(caller: Caller, input: SaleLineUpdateInput) {
      const asked = { operation: 'saleLineUpdate', input };
      return keepingRefusal(db, caller, asked, () =>
        ofBasket(caller, input, checkBuyerChanges, () => updateLine(deps, caller, input)),
      );
    },
    removeLine(caller: Caller, input: SaleLineRemoveInput) {
      const asked = { operation: 'saleLineRemove', input };
      return keepingRefusal(db, caller, asked, () =>
        withSecret(db, caller, { input }, () => removeLine(deps, caller, input)),
      );
    },
  };
}
