import { idempotencyKeyReused } from '@onecount/db';
import { invalidInput, notFound, refuse, type Refusal } from '@onecount/refusal';
import { holdNotLive, holdOfDocument, saleClaimReleased } from '../hold/hold.errors.ts';
import type { HoldPurpose, HoldStatus } from '../hold/hold.ts';
import {
  insufficientStock,
  shortageOf,
  unitElsewhere,
  unitNotAvailable,
  unitNotFound,
  type Shortage,
} from '../stock.errors.ts';
import type { HoldTake } from './sale-hold.target.ts';
import type { ClaimReason } from './sale.sql.ts';

export function saleClaimRefused(saleId: string, found: ClaimReason[]) {
  const reasons = found.map(reasonOf);
  const message = reasons.map((reason) => reason.message).join(' ');
  return refuse('SaleClaimRefused', 'SALE_CLAIM_REFUSED', message, { saleId, reasons });
}

/** One line's reason, in the words and codes of the refusal that a single hold would get. */
function reasonOf(reason: ClaimReason) {
  const { lineId, sku, requested, available } = reason;
  const refusal = refusalOf(reason);
  const { code, message } = refusal;
  return { lineId, sku, code, message, requested, ...shortageOf(refusal), available };
}

function refusalOf(reason: ClaimReason): Refusal {
  switch (reason.outcome) {
    case 'NO_SUCH_ITEM':
      return notFound('StockItem', reason.sku);
    case 'NO_SUCH_UNIT':
      return unitNotFound(reason);
    case 'UNIT_TAKEN':
      return unitNotAvailable(reason, {
        unitStatus: reason.unitStatus ?? 'HELD',
        heldBy: reason.heldBy ?? null,
        heldUntil: reason.heldUntil ?? null,
      });
    case 'UNIT_ELSEWHERE':
      return unitElsewhere(reason, { locationCode: reason.locationCode ?? null });
    case 'INSUFFICIENT':
      return insufficientStock(reason, {
        requested: reason.requested,
        available: reason.available,
        availableInAll: reason.availableInAll,
        locationCode: reason.locationCode ?? null,
      });
  }
}

export type SaleHoldReason = {
  lineId: string;
  /** Null when nothing has the code. */
  sku: string | null;
  code: string;
  message: string;
  requested: number;
} & Shortage;

export function saleHoldsRefused(saleId: string, reasons: SaleHoldReason[]) {
  const message = reasons.map((reason) => reason.message).join(' ');
  return refuse('SaleHoldsRefused', 'SALE_HOLDS_REFUSED', message, { saleId, reasons });
}

export type TakeRefused =
  | { outcome: 'NO_SUCH_HOLD' | 'NOT_YOURS' | 'OF_A_SALE' | 'SALE_CLOSED' | 'KEY_REUSED' }
  | { outcome: 'NOT_LIVE'; status: HoldStatus }
  | { outcome: 'OF_A_DOCUMENT'; purpose: HoldPurpose }
  | { outcome: 'OTHER_QUANTITY'; quantity: number };

/** Precedence is the order of checks in sale_hold_take. */
export function takeRefusal(refused: TakeRefused, { holdId, lineId, referenceId }: HoldTake) {
  switch (refused.outcome) {
    case 'KEY_REUSED':
      return idempotencyKeyReused(lineId);
    case 'SALE_CLOSED':
      return saleClaimReleased(referenceId);
    case 'NO_SUCH_HOLD':
      return notFound('Hold', holdId);
    case 'NOT_YOURS':
      return holdNotTaken(holdId, 'NOT_YOURS', "The hold is somebody else's.");
    case 'NOT_LIVE':
      return holdNotTaken(holdId, 'NOT_LIVE', holdNotLive(refused.status).message);
    case 'OF_A_SALE':
      return holdNotTaken(holdId, 'OF_A_SALE', 'The hold is of a line of a sale already.');
    case 'OF_A_DOCUMENT':
      return holdNotTaken(
        holdId,
        'OF_A_DOCUMENT',
        holdOfDocument({ ...refused, referenceKind: null, referenceId: null }).message,
      );
    case 'OTHER_QUANTITY':
      return invalidInput(
        'quantity',
        `A line takes the whole hold, which is of ${refused.quantity}.`,
      );
  }
}

function holdNotTaken<const Reason extends string>(
  holdId: string,
  reason: Reason,
  message: string,
) {
  return refuse('HoldNotTaken', 'HOLD_NOT_TAKEN', message, { holdId, reason });
}

export function saleHoldOutdated(lineId: string) {
  const message = 'The hold belongs to a newer version of the sale, or has ended.';
  return refuse('SaleHoldOutdated', 'SALE_HOLD_OUTDATED', message, { lineId });
}

export function saleClaimFixed(saleId: string) {
  const message = 'The sale is claimed: its lines no longer change.';
  return refuse('SaleClaimFixed', 'SALE_CLAIM_FIXED', message, { saleId });
}

export function saleAlreadyApplied(saleId: string) {
  const message = 'The sale is in the ledger: it needs a return.';
  return refuse('SaleAlreadyApplied', 'SALE_ALREADY_APPLIED', message, { saleId });
}

/** A committed sale that the count cannot follow: for the dead-event table, where a person sees it. */
export class SaleContradictionError extends Error {
  constructor(saleId: string, reason: string) {
    super(`sale ${saleId} is committed, but ${reason}`);
    this.name = 'SaleContradictionError';
  }
}
