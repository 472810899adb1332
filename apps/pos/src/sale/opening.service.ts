import { crashAt } from '@onecount/failpoint';
import { isRefusal, isUuid, notFound, type NotFound } from '@onecount/refusal';
import { ownPriceRefusal } from '../discount/own-price.service.ts';
import { keyUseOf, refusedBefore, type Caller } from './idempotency.ts';
import { givenBack, heldLines, holdLines, knownEntries, skusOf } from './held-lines.ts';
import { placedLines } from './line-place.ts';
import type { BasketDeps } from './line.service.ts';
import { openingOf, placeRefusal, pricesOf, totalWithin, type OpeningInput } from './opening.ts';
import { insertSale, readForOpening, type SaleOpening } from './opening.sql.ts';
import type { SaleOpenRefusal } from './sale.errors.ts';
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
export function unknownPlace({ registerId, locationId, customerId }: OpeningInput) {
  const named = { Register: registerId, Location: locationId, Customer: customerId };
  const unknown = Object.entries(named).find(([, id]) => id && !isUuid(id));
  return unknown && notFound(unknown[0], unknown[1]!);
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
      return placeRefusal(step.outcome, { input, sale: step.sale });
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
  { use, input, lines: asked }: WithLines,
): Promise<Opened | SaleOpenRefusal | Unmet> {
  const ids = basketIdsOf(caller.tenantId, { ...input, count: asked.length });
  const opening = openingOf(caller, input, ids.saleId);
  const skus = skusOf(asked);
  const read = await readForOpening(deps.db, use, { sale: opening, skus });
  if (read.record)
    return refusedBefore<SaleOpenRefusal>(read.record, use, 'saleOpen') ?? opened(read.sale!);
  if (read.outcome === 'LOCATION_UNKNOWN') return read.outcome;
  if (read.outcome !== 'FREE') return placeRefusal(read.outcome, { input, sale: read.sale });
  const unpriced = await ownPriceRefusal(deps.db, caller, asked);
  if (unpriced) return unpriced;
  const lines = await placedLines(deps, caller, asked);
  if (isRefusal(lines)) return lines;
  const entries = await knownEntries(deps, caller, { skus, prices: read.prices });
  const early = pricesOf(lines, { entries, currencyCode: input.currencyCode });
  if (isRefusal(early)) return early;

  const { channel, currencyCode } = opening;
  const basket = { ...ids, lines, channel, currencyCode, locationId: read.locationId };
  const holds = await holdLines(deps, caller, basket);
  if (isRefusal(holds)) {
    if (holds.__typename !== 'SaleClaimReleased') return holds;
    throw new Error(`sale ${ids.saleId} was released before it began`);
  }
  crashAt('sale.open.after-hold');
  const giveBack = <R>(answer: R) => givenBack(deps, caller, ids, answer);
  const stored = await heldLines(deps, caller, { basket, holds, entries });
  if (isRefusal(stored)) return giveBack(stored);
  const totalMinor = totalWithin(stored);
  if (typeof totalMinor !== 'number') return giveBack(totalMinor);
  const answer = await storeBasket(deps, {
    use,
    input,
    opening: { ...opening, lines: stored, totalMinor },
  });
  // With KEY_USED the holds stay: they are those of the twin's lines.
  const isOfATwin = isRefusal(answer) && answer.__typename === 'IdempotencyKeyReused';
  const isUnsold = (isRefusal(answer) && !isOfATwin) || answer === 'LOCATION_UNKNOWN';
  return isUnsold ? giveBack(answer) : answer;
}
