import { idempotencyKeyReused, uuidv7 } from '@onecount/db';
import { isUuid, notFound } from '@onecount/refusal';
import { addLine, removeLine, type BasketDeps } from './line.service.ts';
import { externalIdTaken, registerClosed, type SaleOpenRefusal } from './sale.errors.ts';
import {
  checkOpen,
  type SaleLineAddInput,
  type SaleLineRemoveInput,
  type SaleOpenInput,
} from './sale.input.ts';
import { insertSale, type SaleOpening } from './sale.sql.ts';
import { isSameRequest, keyUseOf, type Caller } from './idempotency.ts';
import type { Sale } from './sale.ts';

export type BasketService = ReturnType<typeof createBasketService>;

/** Opening a sale and changing its lines while it is OPEN (docs/sale.md, "The basket"). */
export function createBasketService(deps: BasketDeps) {
  return {
    open: (caller: Caller, input: SaleOpenInput) => openSale(deps, caller, input),
    addLine: (caller: Caller, input: SaleLineAddInput) => addLine(deps, caller, input),
    removeLine: (caller: Caller, input: SaleLineRemoveInput) => removeLine(deps, caller, input),
  };
}

type SaleOpened = { __typename: 'SaleOpenSuccess'; sale: Sale };

async function openSale(
  deps: BasketDeps,
  caller: Caller,
  input: SaleOpenInput,
): Promise<SaleOpened | SaleOpenRefusal> {
  const invalid = checkOpen(input);
  if (invalid) return invalid;
  const unknown = [input.registerId, input.locationId].find((id) => id && !isUuid(id));
  if (unknown) return notFound(input.registerId ? 'Register' : 'Location', unknown);
  const use = keyUseOf(caller, input);
  const step = await insertSale(deps.db, use, openingOf(caller, input));
  switch (step.outcome) {
    case 'OPENED':
      return opened(step.sale!);
    case 'KEY_USED':
      return isSameRequest(step.record!, use, 'saleOpen')
        ? opened(step.sale!)
        : idempotencyKeyReused(use.key);
    case 'REGISTER_UNKNOWN':
      return notFound('Register', input.registerId!);
    case 'REGISTER_CLOSED':
      return registerClosed(input.registerId!);
    case 'EXTERNAL_ID_TAKEN':
      return externalIdTaken(step.sale!);
    case 'LOCATION_UNKNOWN':
      return openAtNewLocation(deps, caller, input);
  }
}

function opened(sale: Sale): SaleOpened {
  return { __typename: 'SaleOpenSuccess', sale };
}

// POS has not met this location yet: it asks inventory, once, and opens again.
async function openAtNewLocation(deps: BasketDeps, caller: Caller, input: SaleOpenInput) {
  const wanted = { id: input.locationId, code: input.locationCode };
  const location = await deps.locations.find(caller, wanted);
  if (!location) return notFound('Location', (wanted.id ?? wanted.code)!);
  return openSale(deps, caller, input);
}

function openingOf(caller: Caller, input: SaleOpenInput): SaleOpening {
  return {
    id: uuidv7(),
    channel: input.channel,
    registerId: input.registerId ?? null,
    locationId: input.locationId ?? null,
    locationCode: input.locationCode ?? null,
    currencyCode: input.currencyCode,
    externalId: input.externalId ?? null,
    subject: caller.subject,
  };
}
