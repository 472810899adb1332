import { uuidv7 } from '@onecount/db';
import { invalidInput, notFound, type InvalidInput, type Refusal } from '@onecount/refusal';
import { customerErased } from '../customer/customer.errors.ts';
import type { PriceEntry } from '../price/price.ts';
import type { Caller } from './idempotency.ts';
import { isAmount, priceOf } from './line-price.ts';
import type { PlaceOutcome, SaleOpening } from './opening.sql.ts';
import {
  externalIdTaken,
  registerClosed,
  saleLinesRefused,
  type LinesRefusal,
  type PlaceRefusal,
  type SaleLineRefusal,
} from './sale.errors.ts';
import type { SaleLineInput, SaleOpenInput } from './sale.input.ts';
import type { Sale, SaleLine } from './sale.ts';

// What beginning a sale decides, whichever way it begins; no I/O.

export type OpeningInput = Omit<SaleOpenInput, 'lines'>;

export function openingOf(caller: Caller, input: OpeningInput, id = uuidv7()): SaleOpening {
  return {
    id,
    channel: input.channel,
    registerId: input.registerId ?? null,
    locationId: input.locationId ?? null,
    locationCode: input.locationCode ?? null,
    currencyCode: input.currencyCode,
    externalId: input.externalId ?? null,
    customerId: input.customerId ?? null,
    subject: caller.subject,
    ...(input.salesperson ? { salesperson: input.salesperson } : {}),
  };
}

export function placeRefusal(
  outcome: Exclude<PlaceOutcome, 'LOCATION_UNKNOWN'>,
  {
    input: { registerId, customerId },
    sale,
  }: { input: Pick<OpeningInput, 'registerId' | 'customerId'>; sale: Sale | null | undefined },
): PlaceRefusal {
  switch (outcome) {
    case 'REGISTER_UNKNOWN':
      return notFound('Register', registerId!);
    case 'REGISTER_CLOSED':
      return registerClosed(registerId!);
    case 'CUSTOMER_UNKNOWN':
      return notFound('Customer', customerId!);
    case 'CUSTOMER_ERASED':
      return customerErased(customerId!);
    case 'EXTERNAL_ID_TAKEN':
      return externalIdTaken(sale!);
  }
}

/** A line's place in the input, and why it cannot be sold so. */
export function lineRefusal(
  line: SaleLineInput,
  { index, refusal }: { index: number; refusal: Refusal },
): SaleLineRefusal {
  const { code, message } = refusal;
  const available = (refusal['available'] as number | undefined) ?? null;
  return {
    index,
    sku: line.sku ?? null,
    code,
    message,
    requested: line.quantity ?? 1,
    available,
  };
}

/** Prices in the order of the lines, null where the SKU is not known yet (a code, a serial alone); or every line that is refused. */
export function pricesOf(
  lines: readonly SaleLineInput[],
  { entries, currencyCode }: { entries: ReadonlyMap<string, PriceEntry>; currencyCode: string },
): (number | null)[] | LinesRefusal {
  const refusals: SaleLineRefusal[] = [];
  const prices = lines.map((line, index) => {
    if (!line.sku) return null;
    const entry = entries.get(line.sku);
    const price = entry
      ? priceOf(entry, line, { currencyCode, prefix: `lines.${index}.` })
      : notFound('Variant', line.sku);
    if (typeof price === 'number') return price;
    refusals.push(lineRefusal(line, { index, refusal: price }));
    return null;
  });
  return refusals.length > 0 ? saleLinesRefused(refusals) : prices;
}

/** Sum of the lines in minor units, or that it is more than an amount can be. */
export function totalWithin(lines: readonly Pick<SaleLine, 'totalMinor'>[]): number | InvalidInput {
  let sum = 0;
  // Summed as far as the limit: below it every sum is exact.
  for (const { totalMinor } of lines) {
    if (!isAmount(totalMinor) || !isAmount(sum + totalMinor))
      return invalidInput('lines', 'The sale would come to more than an amount can be.');
    sum += totalMinor;
  }
  return sum;
}
