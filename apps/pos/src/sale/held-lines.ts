import type { IdempotencyKeyReused } from '@onecount/db';
import { isRefusal, type Refusal } from '@onecount/refusal';
import { pricingOf } from '../discount/own-price.ts';
import type { PriceEntry } from '../price/price.ts';
import type { Caller } from './idempotency.ts';
import type { PlacedHold } from './inventory.client.ts';
import { fulfilFromOf, wishOf } from './line-place.ts';
import { quantityOf, released, takeOf, type BasketDeps } from './line.service.ts';
import { pricesOf } from './opening.ts';
import { saleLinesRefused, type LinesRefusal } from './sale.errors.ts';
import type { SaleLineInput } from './sale.input.ts';
import { undiscounted, type SaleLine } from './sale.ts';

// Several lines that get their stock and their price together.

export function skusOf(lines: readonly SaleLineInput[]): string[] {
  return [...new Set(lines.flatMap(({ sku }) => sku || []))];
}

/** The price book's entries by SKU; what it does not have yet is asked of catalog. */
export async function knownEntries(
  { prices }: Pick<BasketDeps, 'prices'>,
  caller: Caller,
  known: { skus: readonly string[]; prices: Record<string, PriceEntry> },
): Promise<Map<string, PriceEntry>> {
  const found = await Promise.all(
    known.skus.map(
      async (sku) => [sku, known.prices[sku] ?? (await prices.ask(caller, sku))] as const,
    ),
  );
  return new Map(found.flatMap(([sku, entry]) => (entry ? [[sku, entry] as const] : [])));
}

export type HeldBasket = {
  saleId: string;
  lineIds: string[];
  lines: SaleLineInput[];
  channel: string;
  currencyCode: string;
  locationId: string | null;
};

/** One call to inventory, all lines or none (ADR 0131). */
export async function holdLines(
  { inventory, holdSeconds }: BasketDeps,
  caller: Caller,
  { saleId, lineIds, lines, channel, locationId }: HeldBasket,
): Promise<PlacedHold[] | LinesRefusal | IdempotencyKeyReused | Refusal<'SaleClaimReleased'>> {
  const answer = await inventory.placeHolds(caller, {
    saleId,
    channel,
    locationId,
    holdSeconds,
    lines: lines.map((line, index) => ({
      lineId: lineIds[index]!,
      sku: line.sku || null,
      serial: line.serial || null,
      code: line.code || null,
      ...takeOf(line),
      ...wishOf(line),
      quantity: quantityOf(line),
    })),
  });
  if (!isRefusal(answer)) return answer;
  if (answer.__typename !== 'SaleHoldsRefused') return answer;
  const places = new Map(lineIds.map((lineId, index) => [lineId, index]));
  const reasons = answer.reasons.map(({ lineId, ...reason }) => ({
    index: places.get(lineId)!,
    ...reason,
  }));
  return saleLinesRefused(reasons);
}

/** A scanned code, a serial alone or a hold names its SKU only now; its price is checked after the hold. */
export async function heldLines(
  deps: BasketDeps,
  caller: Caller,
  held: { basket: HeldBasket; holds: PlacedHold[]; entries: Map<string, PriceEntry> },
): Promise<SaleLine[] | LinesRefusal> {
  const { basket, holds, entries } = held;
  const named = basket.lines.map((line, index) => {
    const { sku, quantity } = holds[index]!;
    return { ...line, sku, quantity };
  });
  const scanned = skusOf(named).filter((sku) => !entries.has(sku));
  for (const sku of scanned) {
    const entry = await deps.prices.priceOf(caller, sku);
    if (entry) entries.set(sku, entry);
  }
  const { currencyCode } = basket;
  const prices = pricesOf(named, { entries, currencyCode });
  if (isRefusal(prices)) return prices;
  return named.map(({ sku, quantity }, index) => {
    const { stockItemId, tracking, serialUnitId, serial, holdId, heldUntil, locationId } =
      holds[index]!;
    const { variantId, title } = entries.get(sku)!;
    const unitPriceMinor = prices[index]!;
    return {
      id: basket.lineIds[index]!,
      ...{ stockItemId, variantId, sku, title, tracking, serialUnitId, serial },
      locationId: locationId ?? basket.lines[index]!.locationId ?? basket.locationId,
      fulfilFrom: fulfilFromOf(basket.lines[index]!),
      quantity,
      unitPriceMinor,
      ...undiscounted({ unitPriceMinor, quantity }),
      ...pricingOf(entries.get(sku)!, basket.lines[index]!, {
        ...{ currencyCode, subject: caller.subject },
      }),
      ...{ holdId, heldUntil, note: null, units: [] },
    };
  });
}

/** Of lines that did not come about, one by one: the fence of `saleRelease` would close the sale for its key's next attempt. */
export async function givenBack<R>(
  deps: BasketDeps,
  caller: Caller,
  { saleId, lineIds }: { saleId: string; lineIds: readonly string[] },
  answer: R,
): Promise<R> {
  for (const lineId of lineIds) await released(deps, caller, { saleId, lineId }, answer);
  return answer;
}
