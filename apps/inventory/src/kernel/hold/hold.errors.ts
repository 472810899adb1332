import { idempotencyKeyReused, refusalOf } from '@onecount/db';
import { invalidInput, notFound, refuse } from '@onecount/refusal';
import {
  insufficientStock,
  unitElsewhere,
  unitNotAvailable,
  unitNotFound,
  type Shortage,
} from '../stock.errors.ts';
import type {
  HeldItem,
  HoldChangeOutcome,
  HoldOutcome,
  HoldPurpose,
  HoldRequest,
  PlacedHold,
} from './hold.ts';

export type Refused = Exclude<HoldOutcome, PlacedHold | { outcome: 'UNTRACKED' }>;

/** The refusal of a request for `sku`, in words; precedence is the order of checks in hold_place. */
export function holdRefusal(
  refused: Refused,
  { sku, item, request }: { sku: string; item: HeldItem | null; request: HoldRequest },
) {
  const piece = { sku, title: item?.title, serial: request.serial };
  switch (refused.outcome) {
    case 'NO_SUCH_ITEM':
      return notFound('StockItem', sku);
    case 'NO_SUCH_UNIT':
      return unitNotFound({ ...request, sku });
    case 'NO_SUCH_LOCATION':
      return notFound('Location', request.locationCode ?? String(request.locationId));
    case 'KEPT':
      return refusalOf(refused.refusal) as ReturnType<typeof insufficientStock>;
    case 'KEY_REUSED':
      return idempotencyKeyReused(request.idempotencyKey ?? `${request.lineId}`);
    case 'SALE_CLOSED':
      return saleClaimReleased(String(request.referenceId));
    case 'UNIT_TAKEN':
      return unitNotAvailable({ ...piece, ...refused }, refused);
    case 'UNIT_ELSEWHERE':
      return unitElsewhere({ ...piece, ...refused }, refused);
    case 'INSUFFICIENT':
      return insufficientStock(piece, {
        requested: request.quantity,
        available: refused.available,
        availableInAll: refused.availableInAll,
        // Where is told to who asked for a place, and to a till; a web shop is told how many and not where.
        locationCode:
          request.locationId || request.referenceKind === 'SALE' ? refused.locationCode : null,
      });
  }
}

export function saleClaimReleased(saleId: string) {
  const message = 'The sale has ended or is being checked out: it takes no more stock.';
  return refuse('SaleClaimReleased', 'SALE_CLAIM_RELEASED', message, { saleId });
}

const endWords = {
  LIVE: 'live',
  SOLD: 'sold',
  RELEASED: 'released before',
  EXPIRED: 'expired',
} as const;

/** Why a hold that is there (or not) does not change. */
export function changeRefusal(
  refused: Exclude<HoldChangeOutcome, { outcome: 'DONE' }>,
  of: { holdId: string },
) {
  return refused.outcome === 'OF_A_SALE'
    ? holdOfSale(refused.referenceId)
    : heldRefusal(refused, of);
}

/** The same where a sale's hold may change, too. */
export function heldRefusal(
  refused: Exclude<HoldChangeOutcome, { outcome: 'DONE' | 'OF_A_SALE' }>,
  { holdId }: { holdId: string },
) {
  switch (refused.outcome) {
    case 'NO_SUCH_HOLD':
      return notFound('Hold', holdId);
    case 'NOT_LIVE':
      return holdNotLive(refused.status);
    case 'OF_A_DOCUMENT':
      return holdOfDocument(refused);
    case 'TOO_MANY':
      return tooMany(refused.quantity);
  }
}

export function tooMany(quantity: number) {
  return invalidInput('quantity', `The hold is of ${quantity}, not of more.`);
}

export function holdNotLive(status: keyof typeof endWords) {
  return refuse('HoldNotLive', 'HOLD_NOT_LIVE', `The hold is ${endWords[status]}.`, { status });
}

export function holdOfSale(saleId: string) {
  const message = 'The hold belongs to a sale: remove the line or void the sale.';
  return refuse('HoldOfSale', 'HOLD_OF_SALE', message, { saleId });
}

/** The hold of a transfer, or of a unit that is in repair or under inspection. */
export function holdOfDocument(of: {
  purpose: HoldPurpose;
  referenceKind: string | null;
  referenceId: string | null;
}) {
  const { purpose, referenceKind, referenceId } = of;
  const owner = referenceKind ?? purpose;
  const message = `The hold belongs to a ${owner.toLowerCase().replaceAll('_', ' ')}: it ends there.`;
  return refuse('HoldOfDocument', 'HOLD_OF_DOCUMENT', message, {
    purpose,
    referenceKind,
    referenceId,
  });
}

export type HoldBatchReason = {
  index: number;
  sku: string;
  code: string;
  message: string;
  requested: number;
} & Shortage;

export function holdBatchRefused(reasons: HoldBatchReason[]) {
  const more = reasons.length > 1 ? ` ${reasons.length - 1} more lines cannot be held.` : '';
  const message = `${reasons[0]!.message}${more}`;
  return refuse('HoldBatchRefused', 'HOLD_BATCH_REFUSED', message, { reasons });
}
