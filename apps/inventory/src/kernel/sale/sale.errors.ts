import { notFound, refuse } from '@onecount/refusal';
import { insufficientStock, nameOf, unitElsewhere, unitNotAvailable } from '../stock.errors.ts';
import type { ClaimReason } from './sale.sql.ts';

export function saleClaimRefused(saleId: string, found: ClaimReason[]) {
  const reasons = found.map(reasonOf);
  const message = reasons.map((reason) => reason.message).join(' ');
  return refuse('SaleClaimRefused', 'SALE_CLAIM_REFUSED', message, { saleId, reasons });
}

/** One line's reason, in the words and codes of the refusal that a single hold would get. */
function reasonOf(reason: ClaimReason) {
  const { lineId, sku, requested, available } = reason;
  const { code, message } = refusalOf(reason);
  return { lineId, sku, code, message, requested, available };
}

function refusalOf(reason: ClaimReason): { code: string; message: string } {
  switch (reason.outcome) {
    case 'NO_SUCH_ITEM':
      return notFound('StockItem', reason.sku);
    case 'NO_SUCH_UNIT':
      return notFound('SerialUnit', nameOf(reason));
    case 'UNIT_TAKEN':
      return unitNotAvailable(reason, {
        unitStatus: reason.unitStatus ?? 'HELD',
        heldBy: reason.heldBy ?? null,
        heldUntil: reason.heldUntil ?? null,
      });
    case 'UNIT_ELSEWHERE':
      return unitElsewhere(
        reason,
        { locationCode: reason.locationCode ?? null },
        { field: 'locationId' },
      );
    case 'INSUFFICIENT':
      return insufficientStock(reason, {
        requested: reason.requested,
        available: reason.available,
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
  available: number | null;
};

export function saleHoldsRefused(saleId: string, reasons: SaleHoldReason[]) {
  const message = reasons.map((reason) => reason.message).join(' ');
  return refuse('SaleHoldsRefused', 'SALE_HOLDS_REFUSED', message, { saleId, reasons });
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
