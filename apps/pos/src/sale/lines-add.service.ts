import { idempotencyKeyReused } from '@onecount/db';
import { invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { ownPriceRefusal } from '../discount/own-price.service.ts';
import type { PriceEntry } from '../price/price.ts';
import {
  givenBack,
  heldLines,
  holdLines,
  knownEntries,
  skusOf,
  type HeldBasket,
} from './held-lines.ts';
import { keyUseOf, refusedBefore, type Caller } from './idempotency.ts';
import { placedLines } from './line-place.ts';
import { holdRefusal, renewed, type BasketDeps } from './line.service.ts';
import { pricesOf, totalWithin } from './opening.ts';
import { saleNotOpen, type LinesAddRefusal, type SaleLineRefusal } from './sale.errors.ts';
import { checkLinesAdd, linesMax, type SaleLinesAddInput } from './sale.input.ts';
import {
  insertLines,
  readForLines,
  type KeyRecord,
  type KeyUse,
  type LineAnswer,
} from './sale.sql.ts';
import {
  lineAsItIs,
  lineIdsOf,
  takesLines,
  type LineOfSale,
  type Sale,
  type SaleLine,
} from './sale.ts';

type LinesAdded = {
  __typename: 'SaleLinesAddSuccess';
  sale: Sale;
  answers: { index: number; line: LineOfSale | null; refusal: SaleLineRefusal | null }[];
};

/** Holds first, lines second, as with one line; ids made from the key let a retry find the holds (ADR 0131). */
export async function addLines(
  deps: BasketDeps,
  caller: Caller,
  input: SaleLinesAddInput,
): Promise<LinesAdded | LinesAddRefusal> {
  const invalid = checkLinesAdd(input);
  if (invalid) return invalid;
  const { saleId } = input;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  const use = keyUseOf(caller, input);
  const skus = skusOf(input.lines);
  const { record, sale, prices } = await readForLines(deps.db, { ...use, saleId, skus });
  if (record) return replayed(record, use, sale);
  if (!sale) return notFound('Sale', saleId);
  if (!takesLines(sale)) return saleNotOpen(sale);
  if (sale.lines.length + input.lines.length > linesMax) return tooMany();
  const unpriced = await ownPriceRefusal(deps.db, caller, input.lines);
  if (unpriced) return unpriced;
  const entries = await knownEntries(deps, caller, { skus, prices });
  const drafted = await draft(deps, caller, { sale, input, entries });
  if (isRefusal(drafted)) return holdRefusal(deps, caller, input, drafted);
  const { lines } = drafted;
  const ids = { saleId, lineIds: lines.map(({ id }) => id) };
  const totalMinor = totalWithin([...sale.lines, ...lines]);
  if (typeof totalMinor !== 'number') return givenBack(deps, caller, ids, totalMinor);
  const step = await insertLines(deps.db, use, { saleId, ...drafted, linesMax });
  switch (step.outcome) {
    case 'ADDED':
      return added(await renewed(deps, caller, step.sale!), drafted.answers);
    case 'KEY_USED':
      // The holds stay: they may be those of the twin's lines.
      return replayed(step.record!, use, step.sale ?? null);
    case 'NOT_OPEN':
      // Paid or given up while the holds were placed: the lines are not part of it.
      return givenBack(deps, caller, ids, saleNotOpen(step.sale!));
    case 'TOO_MANY':
      return givenBack(deps, caller, ids, tooMany());
  }
}

const tooMany = () => invalidInput('lines', `A sale has at most ${linesMax} lines.`);

function replayed(record: KeyRecord, use: KeyUse, sale: Sale | null): LinesAdded | LinesAddRefusal {
  return (
    refusedBefore<LinesAddRefusal>(record, use, 'saleLinesAdd') ??
    (sale ? added(sale, record.response.answers!) : idempotencyKeyReused(use.key))
  );
}

function added(sale: Sale, answers: LineAnswer[]): LinesAdded {
  return {
    __typename: 'SaleLinesAddSuccess',
    sale,
    answers: answers.map(({ index, line, refusal }) => ({
      index,
      line: line ? lineAsItIs(sale, line) : null,
      refusal: refusal ?? null,
    })),
  };
}

type Drafted = { lines: SaleLine[]; answers: LineAnswer[] };
type Request = { sale: Sale; input: SaleLinesAddInput; entries: Map<string, PriceEntry> };

/**
 * The lines with stock and price. In mode EACH those that are refused are left out and the rest is asked again: what is
 * refused has taken nothing, and what is held already is found again, so that each line is decided as if alone.
 */
async function draft(deps: BasketDeps, caller: Caller, { sale, input, entries }: Request) {
  const { idempotencyKey, mode } = input;
  const lineIds = lineIdsOf(sale.id, { idempotencyKey, count: input.lines.length });
  const refusals = new Map<number, SaleLineRefusal>();
  for (;;) {
    const places = [...input.lines.keys()].filter((index) => !refusals.has(index));
    const basket = {
      saleId: sale.id,
      lineIds: places.map((index) => lineIds[index]!),
      lines: places.map((index) => input.lines[index]!),
      channel: sale.channel,
      currencyCode: sale.currencyCode,
      locationId: sale.locationId,
    };
    const lines = await linesOf(deps, caller, { basket, entries, mode });
    if (!isRefusal(lines)) return draftOf(lines, { places, refusals });
    if (mode !== 'EACH' || lines.__typename !== 'SaleLinesRefused') return lines;
    for (const one of lines.refusals) {
      const index = places[one.index]!;
      refusals.set(index, { ...one, index });
    }
  }
}

type Asking = { basket: HeldBasket; entries: Map<string, PriceEntry> };

async function linesOf(
  deps: BasketDeps,
  caller: Caller,
  { basket: asked, entries, mode }: Asking & Pick<SaleLinesAddInput, 'mode'>,
) {
  if (asked.lines.length === 0) return [];
  const placed = await placedLines(deps, caller, asked.lines);
  if (isRefusal(placed)) return placed;
  const basket = { ...asked, lines: placed };
  const early = pricesOf(basket.lines, { entries, currencyCode: basket.currencyCode });
  if (isRefusal(early)) return early;
  const holds = await holdLines(deps, caller, basket);
  if (isRefusal(holds)) return holds;
  const lines = await heldLines(deps, caller, { basket, holds, entries });
  if (!isRefusal(lines)) return lines;
  const isEach = mode === 'EACH' && lines.__typename === 'SaleLinesRefused';
  const unsold = isEach
    ? lines.refusals.map(({ index }) => basket.lineIds[index]!)
    : basket.lineIds;
  return givenBack(deps, caller, { saleId: basket.saleId, lineIds: unsold }, lines);
}

function draftOf(
  lines: SaleLine[],
  { places, refusals }: { places: number[]; refusals: Map<number, SaleLineRefusal> },
): Drafted {
  const answers: LineAnswer[] = [
    ...lines.map((line, nth) => ({ index: places[nth]!, line })),
    ...[...refusals].map(([index, refusal]) => ({ index, refusal })),
  ];
  return { lines, answers: answers.sort((one, other) => one.index - other.index) };
}
