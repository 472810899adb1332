import { idempotencyKeyReused, type Database } from '@onecount/db';
import {
  checkId,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  isRefusal,
  type InvalidInput,
  type Refusal,
} from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { holdSecondsMax, idOf } from '../input.ts';
import { holdRefusal, saleClaimReleased, type Refused } from '../hold/hold.errors.ts';
import type { HoldService, Placed } from '../hold/hold.service.ts';
import { shortageOf } from '../stock.errors.ts';
import {
  checkHoldLine,
  requestFor,
  takeFor,
  type HoldTake,
  type SaleHoldLine,
  type SaleHoldTerms,
  type TargetedRequest,
} from './sale-hold.target.ts';
import {
  saleClaimFixed,
  saleHoldsRefused,
  takeRefusal,
  type SaleHoldReason,
  type TakeRefused,
} from './sale.errors.ts';
import {
  giveBackSaleLine,
  placeSaleHolds,
  releaseSaleLine,
  renewSaleHolds,
  type RenewedHold,
  type SaleHoldDecision,
} from './sale.sql.ts';

export type SaleHoldPlaceInput = SaleHoldTerms & SaleHoldLine;
export type SaleHoldsPlaceInput = SaleHoldTerms & { lines: SaleHoldLine[] };
export type SaleHoldDeps = { db: Database; holds: HoldService; onChange: () => void };

/** What a line got, or why it gets nothing. */
type SaleHoldAnswer = Placed | ReturnType<typeof holdRefusal> | ReturnType<typeof takeRefusal>;

const linesMax = 200;

/** What a basket holds: placed line by line or all at once, renewed by activity, let go line by line. */
export function createSaleHoldService({ db, holds, onChange }: SaleHoldDeps) {
  return {
    async placeHold(caller: Caller, input: SaleHoldPlaceInput) {
      const problem = firstOf(checkTerms(input), checkHoldLine(input));
      if (problem) return problem;
      const { tenantId } = caller;
      const found = await askedFor(db, tenantId, { line: input, terms: input });
      if (isRefusal(found)) return found;
      return placeOne({ db, holds, tenantId, saleId: idOf(input.saleId), onChange }, found);
    },

    async placeHolds(caller: Caller, input: SaleHoldsPlaceInput) {
      const { lines, ...terms } = input;
      const problem = checkAll(input);
      if (problem) return problem;
      const { tenantId } = caller;
      const found = await Promise.all(lines.map((line) => askedFor(db, tenantId, { line, terms })));
      const unknown = found.flatMap((one, index) =>
        isRefusal(one) ? reasonOf(lines[index]!, one) : [],
      );
      if (unknown.length > 0) return saleHoldsRefused(terms.saleId, unknown);
      const requests = found as Asked[];
      const basket = { db, holds, tenantId, saleId: idOf(terms.saleId), onChange };
      const placed =
        requests.length === 1
          ? [await placeOne(basket, requests[0]!)]
          : await placeTogether(basket, requests);
      return allOrNone(input, placed);
    },

    async renewHolds(
      caller: Caller,
      input: { saleId: string; holdSeconds: number },
    ): Promise<RenewedHold[]> {
      const { tenantId } = caller;
      return renewSaleHolds(db, { ...input, tenantId, saleId: idOf(input.saleId) });
    },

    async releaseLine(
      caller: Caller,
      input: { saleId: string; lineId: string; givesBack?: boolean },
    ) {
      const problem = firstOf(checkId('saleId', input.saleId), checkId('lineId', input.lineId));
      if (problem) return problem;
      const line = { saleId: idOf(input.saleId), lineId: idOf(input.lineId) };
      const release = input.givesBack ? giveBackSaleLine : releaseSaleLine;
      const released = await release(db, { ...line, tenantId: caller.tenantId });
      if (released.outcome === 'SALE_CLOSED') return saleClaimFixed(input.saleId);
      onChange();
      return { __typename: 'SaleHoldReleaseSuccess' as const, released: released.released };
    },
  };
}

type Asked = TargetedRequest | HoldTake;
type Basket = SaleHoldDeps & { tenantId: string; saleId: string };
type AskedLine = { line: SaleHoldLine; terms: SaleHoldTerms };

const isTake = (asked: Asked): asked is HoldTake => 'holdId' in asked;

async function askedFor(db: Database, tenantId: string, { line, terms }: AskedLine) {
  const { holdId } = line;
  return holdId ? takeFor({ ...line, holdId }, terms) : requestFor(db, tenantId, { line, terms });
}

// One line travels with its SKU's batch (ADR 0051); several, and what is taken over, are decided in a statement of
// their own.
async function placeOne(basket: Basket, asked: Asked): Promise<SaleHoldAnswer> {
  if (!isTake(asked)) return basket.holds.place(basket.tenantId, asked.sku, asked.request);
  return (await placeTogether(basket, [asked]))[0]!;
}

async function placeTogether(basket: Basket, requests: Asked[]): Promise<SaleHoldAnswer[]> {
  const { db, tenantId, saleId, onChange } = basket;
  const decisions = await placeSaleHolds(db, { tenantId, saleId, requests });
  onChange();
  return decisions.map((decision, index) => answerOf(decision, requests[index]!));
}

function answerOf(decision: SaleHoldDecision, asked: Asked) {
  const isRefused = decision.outcome !== 'PLACED' && decision.outcome !== 'UNTRACKED';
  if (isRefused && isTake(asked)) return takeRefusal(decision as TakeRefused, asked);
  return requestAnswer(decision, asked as TargetedRequest);
}

/** What a decision on a request says, in words. */
export function requestAnswer({ item, ...outcome }: SaleHoldDecision, asked: TargetedRequest) {
  if (outcome.outcome === 'PLACED' || outcome.outcome === 'UNTRACKED')
    return { item: item!, placed: outcome.outcome === 'PLACED' ? outcome : null };
  return holdRefusal(outcome as Refused, { ...asked, item });
}

/** Two refusals are about the basket as a whole, whichever line met them; the others say their line. */
function allOrNone({ saleId, lines }: SaleHoldsPlaceInput, placed: (Placed | Refusal)[]) {
  const refused = placed.filter(isRefusal);
  if (refused.length === 0) return { holds: placed as Placed[] };
  const isOf = (name: string) => refused.some(({ __typename }) => __typename === name);
  if (isOf('SaleClaimReleased')) return saleClaimReleased(saleId);
  if (isOf('IdempotencyKeyReused')) return idempotencyKeyReused(saleId);
  const reasons = placed.flatMap((one, index) =>
    isRefusal(one) ? reasonOf(lines[index]!, one) : [],
  );
  return saleHoldsRefused(saleId, reasons);
}

function reasonOf(line: SaleHoldLine, refusal: Refusal): SaleHoldReason {
  const { code, message } = refusal;
  const sku = (refusal['sku'] as string | undefined) ?? line.sku ?? null;
  const { lineId } = line;
  const requested = line.quantity ?? 1;
  return { lineId, sku, code, message, requested, ...shortageOf(refusal) };
}

export function checkTerms(terms: SaleHoldTerms): InvalidInput | undefined {
  return firstOf(
    checkId('saleId', terms.saleId),
    checkText('channel', terms.channel, { max: 32 }),
    checkText('subject', terms.subject, { max: 255 }),
    checkWhole('holdSeconds', terms.holdSeconds, { min: 1, max: holdSecondsMax }),
    checkId('locationId', terms.locationId),
  );
}

function checkAll({ lines, ...terms }: SaleHoldsPlaceInput): InvalidInput | undefined {
  return firstOf(
    checkTerms(terms),
    checkWhole('lines', lines.length, { min: 1, max: linesMax }),
    ...lines.map((line, index) => checkHoldLine(line, `lines.${index}.`)),
    new Set(lines.map(({ lineId }) => idOf(lineId))).size === lines.length
      ? undefined
      : invalidInput('lines', 'A line is named twice.'),
  );
}
