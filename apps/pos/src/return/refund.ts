import { sumMinor } from '@onecount/money';
import { invalidInput, type InvalidInput } from '@onecount/refusal';
import type { Tender } from '../sale/sale.ts';
import { isStoredKind } from '../stored-value/stored-value.ts';
import { refundExceedsTender, refundMismatch } from './return.errors.ts';

// How money goes back the way it came; pure.

export type TenderKind = Tender['kind'];
/** What a tender paid (its amount less the change of it), and what of that was given back. */
export type PaidTender = {
  position: number;
  kind: TenderKind;
  /** The card or credit that paid; null for other tenders. */
  storedValueId: string | null;
  keptMinor: number;
  refundedMinor: number;
};
/** `tenderIndex` null: of whatever tenders fit the kind. */
export type RefundWish = {
  kind: TenderKind;
  amountMinor: number;
  tenderIndex: number | null;
  reference: string | null;
};
export type Refund = {
  tenderPosition: number;
  kind: TenderKind;
  amountMinor: number;
  reference: string | null;
  /** The card or credit that gets it; null for a STORE_CREDIT that stands for another tender: the customer's. */
  storedValueId: string | null;
};
export type RefundRefusal =
  InvalidInput | ReturnType<typeof refundMismatch> | ReturnType<typeof refundExceedsTender>;

/** How each kind is given back when nobody says otherwise. A new kind has to say here. */
const backAs: Record<TenderKind, TenderKind> = {
  CASH: 'CASH',
  CARD: 'CARD',
  // What was exchanged is no money that could go back the way it came.
  EXCHANGE: 'CASH',
  BANK_TRANSFER: 'BANK_TRANSFER',
  GIFT_CARD: 'GIFT_CARD',
  STORE_CREDIT: 'STORE_CREDIT',
};

/** What each tender paid: change was given in cash, of the cash that came last. */
export function keptOf(tenders: readonly Tender[], changeMinor: number): number[] {
  let change = changeMinor;
  return tenders
    .toReversed()
    .map(({ kind, amountMinor }) => {
      const given = kind === 'CASH' ? Math.min(change, amountMinor) : 0;
      change -= given;
      return amountMinor - given;
    })
    .toReversed();
}

const leftOf = ({ keptMinor, refundedMinor }: PaidTender) => keptMinor - refundedMinor;

export const leftOfAll = (tenders: readonly PaidTender[]) => sumMinor(tenders.map(leftOf));

/** The amount as it was paid: by the tenders in their order. The caller gives back no more than is left of all. */
export function refundsInOrder(tenders: readonly PaidTender[], dueMinor: number): Refund[] {
  return taken(tenders, dueMinor).map(({ tender, amountMinor }) => ({
    tenderPosition: tender.position,
    kind: backAs[tender.kind],
    amountMinor,
    reference: null,
    storedValueId: tender.storedValueId,
  }));
}

/** As the caller wants it; it comes to exactly what is due, and no tender gives back more than it paid. */
export function refundsAsked(
  tenders: readonly PaidTender[],
  { dueMinor, currencyCode }: { dueMinor: number; currencyCode: string },
  wishes: readonly RefundWish[],
): Refund[] | RefundRefusal {
  const refundedMinor = sumMinor(wishes.map(({ amountMinor }) => amountMinor));
  if (refundedMinor !== dueMinor) return refundMismatch({ dueMinor, refundedMinor, currencyCode });
  const now = tenders.map((tender) => ({ ...tender }));
  const refunds: Refund[] = [];
  for (const [index, wish] of wishes.entries()) {
    const { kind, amountMinor, tenderIndex, reference } = wish;
    const fitting = fittingTenders(now, wish);
    if (fitting.length === 0)
      return invalidInput(`refunds.${index}.kind`, `Nothing was paid that goes back so.`, kind);
    const left = leftOfAll(fitting);
    if (amountMinor > left)
      return refundExceedsTender({ ...wish, tenderIndex, refundableMinor: left, currencyCode });
    for (const { tender, amountMinor: part } of taken(fitting, amountMinor)) {
      tender.refundedMinor += part;
      const storedValueId = tender.kind === kind ? tender.storedValueId : null;
      const { position: tenderPosition } = tender;
      refunds.push({ tenderPosition, kind, amountMinor: part, reference, storedValueId });
    }
  }
  return refunds;
}

/**
 * What was paid in cash, by card or transfer may go back as cash, anything as store credit; what was paid so first. Else only
 * as it was paid: what a gift card gave does not become cash.
 */
function fittingTenders(tenders: PaidTender[], { kind, tenderIndex }: RefundWish): PaidTender[] {
  const ofKind = tenders.filter((tender) => tender.kind === kind);
  const others = tenders.filter((tender) => tender.kind !== kind && mayStandFor(kind, tender.kind));
  return [...ofKind, ...others].filter(
    ({ position }) => tenderIndex === null || position === tenderIndex,
  );
}

/** What of the tenders pays for goods that go out instead, once `refunds` went back of them. */
export function exchangedOf(
  tenders: readonly PaidTender[],
  refunds: readonly Refund[],
  amountMinor: number,
): Refund[] {
  const now = tenders.map((tender) => {
    const own = refunds.filter(({ tenderPosition }) => tenderPosition === tender.position);
    const backMinor = sumMinor(own.map((refund) => refund.amountMinor));
    return { ...tender, refundedMinor: tender.refundedMinor + backMinor };
  });
  return taken(now, amountMinor).map(({ tender, amountMinor: part }) => ({
    ...{ tenderPosition: tender.position, kind: 'EXCHANGE', amountMinor: part, reference: null },
    storedValueId: null,
  }));
}

const mayStandFor = (kind: TenderKind, paid: TenderKind): boolean =>
  kind === 'STORE_CREDIT' || (kind === 'CASH' && !isStoredKind(paid));

function taken(tenders: readonly PaidTender[], amountMinor: number) {
  let due = amountMinor;
  return tenders.flatMap((tender) => {
    const part = Math.min(due, leftOf(tender));
    due -= part;
    return part > 0 ? [{ tender, amountMinor: part }] : [];
  });
}
