import { isRefusal } from '@onecount/refusal';
import {
  exchangedOf,
  refundsAsked,
  refundsInOrder,
  type PaidTender,
  type Refund,
  type RefundRefusal,
  type RefundWish,
} from '../return/refund.ts';
import type { ReturnReason } from '../return/return.input.ts';
import type { ReturnLine } from '../return/return.ts';
import type { Sale } from '../sale/sale.ts';

// What an exchange comes to; pure.

/** Both documents, made: the return is found by its sale. */
export type Exchanged = { __typename: 'SaleExchangeSuccess'; sale: Sale };

/** A return as it was decided with the intent of the sale that it pays for. */
export type ExchangeDocument = {
  lines: ReturnLine[];
  tenders: PaidTender[];
  refunds: Refund[];
  register: { id: string; locationId: string; locationCode: string };
  shiftId: string;
  reason: ReturnReason;
  note: string | null;
  returnedBy: string;
};

export type Difference = {
  /** What of the goods that come back pays for those that go out. */
  usedMinor: number;
  /** What is still to pay, or to give back: never both. */
  dueMinor: number;
  backMinor: number;
};

export function differenceOf(creditMinor: number, totalMinor: number): Difference {
  const usedMinor = Math.min(creditMinor, totalMinor);
  return { usedMinor, dueMinor: totalMinor - usedMinor, backMinor: creditMinor - usedMinor };
}

/** What goes back as money, then what pays for the goods; together all that came back. */
export function refundsOf(
  tenders: readonly PaidTender[],
  { usedMinor, backMinor, currencyCode }: Difference & { currencyCode: string },
  wishes: readonly RefundWish[] | undefined,
): Refund[] | RefundRefusal {
  const refunds = wishes
    ? refundsAsked(tenders, { dueMinor: backMinor, currencyCode }, wishes)
    : refundsInOrder(tenders, backMinor);
  if (isRefusal(refunds)) return refunds;
  return [...refunds, ...exchangedOf(tenders, refunds, usedMinor)];
}
