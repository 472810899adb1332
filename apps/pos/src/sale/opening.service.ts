import { crashAt } from '@onecount/failpoint';
import { isRefusal, isUuid, notFound, type NotFound } from '@onecount/refusal';
import type { PriceEntry } from '../price/price.ts';
import { keyUseOf, refusedBefore, type Caller } from './idempotency.ts';
import type { PlacedHold } from './inventory.client.ts';
import { quantityOf, released, takeOf, type BasketDeps } from './line.service.ts';
import { openingOf, placeRefusal, pricesOf, totalWithin, type OpeningInput } from './opening.ts';
import { insertSale, readForOpening, type SaleOpening } from './opening.sql.ts';
import { saleLinesRefused, type LinesRefusal, type SaleOpenRefusal } from './sale.errors.ts';
import { checkLines, checkOpen, type SaleLineInput, type SaleOpenInput } from './sale.input.ts';
import type { KeyUse } from './sale.sql.ts';
import { basketIdsOf, type Sale, type SaleLine } from './sale.ts';

type Opened = { __typename: 'SaleOpenSuccess'; sale: Sale };
const opened = (sale: Sale): Opened => ({ __typename: 'SaleOpenSuccess', sale });
/** Of a location that POS has not met yet. */
export type Unmet = 'LOCATION_UNKNOWN';

export async function openSale(
  deps: BasketDeps,
  caller: Caller,
  input: SaleOpenInput,
): Promise<Opened | SaleOpenRefusal> {
  const lines = input.lines ?? [];
  const invalid = checkOpen(input) ?? checkLines(lines) ?? unknownPlace(input);
  if (invalid) return invalid;
  const use = keyUseOf(caller, input);
  return atKnownLocation(deps, caller, input, () =>
    lines.length === 0
      ? storeBasket(deps, { use, input, opening: openingOf(caller, input) })
      : openWithLines(deps, caller, { use, input, lines }),
  );
}

/** An id that is no UUID is nobody's. */
export function unknownPlace(input: OpeningInput) {
  const unknown = [input.registerId, input.locationId].find((id) => id && !isUuid(id));
  return unknown ? notFound(input.registerId ? 'Register' : 'Location', unknown) : undefined;
}

/** Locations are inventory's: one that POS has not met is asked for, once, and the attempt is made again. */
export async function atKnownLocation<R>(
  deps: Pick<BasketDeps, 'locations'>,
  caller: Caller,
  input: OpeningInput,
  attempt: () => Promise<R | Unmet>,
): Promise<R | NotFound> {
  const first = await attempt();
  if (first !== 'LOCATION_UNKNOWN') return first;
  const wanted = { id: input.locationId, code: input.locationCode };
  const location = await deps.locations.find(caller, wanted);
  const second = location && (await attempt());
  return second === null || second === 'LOCATION_UNKNOWN'
    ? notFound('Location', (wanted.id ?? wanted.code)!)
    : second;
}

type Basket = {
  use: KeyUse;
  input: SaleOpenInput;
  opening: SaleOpening & { lines?: SaleLine[]; totalMinor?: number };
};

async function storeBasket(
  { db }: BasketDeps,
  { use, input, opening }: Basket,
): Promise<Opened | SaleOpenRefusal | Unmet> {
  const step = await insertSale(db, use, opening);
  switch (step.outcome) {
    case 'OPENED':
      return opened(step.sale!);
    case 'KEY_USED':
      return refusedBefore<SaleOpenRefusal>(step.record!, use, 'saleOpen') ?? opened(step.sale!);
    case 'LOCATION_UNKNOWN':
      return step.outcome;
    default:
      return placeRefusal(step.outcome, { registerId: input.registerId, sale: step.sale });
  }
}

type WithLines = { use: KeyUse; input: SaleOpenInput; lines: SaleLineInput[] };

/**
 * Holds first, sale second (ADR 0062): a crash in between leaves holds that the same key finds again or
 * that expire, never a line without stock.
 */
async function openWithLines(
  deps: BasketDeps,
  caller: Caller,
  { use, input, lines }: WithLines,
): Promise<Opened | SaleOpenRefusal | Unmet> {
  const ids = basketIdsOf(caller.tenantId, { ...input, count: lines.length });
  const opening = openingOf(caller, input, ids.saleId);
  const skus = skusOf(lines);
  const read = await readForOpening(deps.db, use, { sale: opening, skus });
  if (read.record)
    return refusedBefore<SaleOpenRefusal>(read.record, use, 'saleOpen') ?? opened(read.sale!);
  if (read.outcome === 'LOCATION_UNKNOWN') return read.outcome;
  if (read.outcome !== 'FREE')
    return placeRefusal(read.outcome, { registerId: input.registerId, sale: read.sale });
  const entries = await knownEntries(deps, caller, { skus, prices: read.prices });
  const early = pricesOf(lines, { entries, currencyCode: input.currencyCode });
  if (isRefusal(early)) return early;

  const basket = { ...ids, lines, opening, locationId: read.locationId };
  const holds = await holdLines(deps, caller, basket);
  if (isRefusal(holds)) return holds;
  crashAt('sale.open.after-hold');
  const giveBack = async <R>(answer: R) => {
    for (const lineId of ids.lineIds)
      await released(deps, caller, { saleId: ids.saleId, lineId }, answer);
    return answer;
  };
  const stored = await heldLines(deps, caller, { basket, holds, entries });
  if (isRefusal(stored)) return giveBack(stored);
  const totalMinor = totalWithin(stored);
  if (typeof totalMinor !== 'number') return giveBack(totalMinor);
  const answer = await storeBasket(deps, {
    use,
    input,
    opening: { ...opening, lines: stored, totalMinor },
  });
  return isRefusal(answer) || answer === 'LOCATION_UNKNOWN' ? giveBack(answer) : answer;
}

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

type HeldBasket = {
  saleId: string;
  lineIds: string[];
  lines: SaleLineInput[];
  opening: SaleOpening;
  locationId: string | null;
};

async function holdLines(
  { inventory, holdSeconds }: BasketDeps,
  caller: Caller,
  { saleId, lineIds, lines, opening, locationId }: HeldBasket,
): Promise<PlacedHold[] | SaleOpenRefusal> {
  const answer = await inventory.placeHolds(caller, {
    saleId,
    channel: opening.channel,
    locationId,
    holdSeconds,
    lines: lines.map((line, index) => ({
      lineId: lineIds[index]!,
      sku: line.sku || null,
      serial: line.serial || null,
      code: line.code || null,
      ...takeOf(line),
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

// A scanned code, a serial alone or a hold names its SKU only now; its price is checked after the hold.
async function heldLines(
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
  const { currencyCode } = basket.opening;
  const prices = pricesOf(named, { entries, currencyCode });
  if (isRefusal(prices)) return prices;
  return named.map(({ sku, quantity }, index) => {
    const { stockItemId, tracking, serialUnitId, serial, holdId, heldUntil, locationId } =
      holds[index]!;
    const { variantId, title } = entries.get(sku)!;
    return {
      id: basket.lineIds[index]!,
      ...{ stockItemId, variantId, sku, title, tracking, serialUnitId, serial },
      locationId: locationId ?? basket.locationId,
      quantity,
      unitPriceMinor: prices[index]!,
      ...{ holdId, heldUntil },
    };
  });
}
