import { moneyOf } from '@onecount/money';
import { refuse } from '@onecount/refusal';
import type { Agreement, PieceReturn } from './consignment.ts';

// Ids and amounts only: a refusal is kept under its key as JSON.

export function consignmentEnded({ id, endedAt }: Agreement) {
  const message = endedAt ? 'The agreement was ended.' : 'The agreement is not valid now.';
  return refuse('ConsignmentEnded', 'CONSIGNMENT_ENDED', message, { agreementId: id });
}

export function pieceConsigned(name: string, agreementId: string) {
  const message = `${name} is in an agreement already.`;
  return refuse('PieceConsigned', 'PIECE_CONSIGNED', message, { agreementId });
}

export function pieceNotLeft(of: { leftQuantity: number; requestedQuantity: number }) {
  const message = `${of.leftQuantity} are here, ${of.requestedQuantity} were to go back.`;
  return refuse('ConsignmentPieceNotLeft', 'CONSIGNMENT_PIECE_NOT_LEFT', message, of);
}

export function pieceStays({ pieceId, refusal }: PieceReturn) {
  return refuse('ConsignmentPieceStays', 'CONSIGNMENT_PIECE_STAYS', refusal!, { pieceId });
}

export function consignmentHasPieces(leftQuantity: number) {
  const message = `${leftQuantity} pieces are here, or on their way back.`;
  return refuse('ConsignmentHasPieces', 'CONSIGNMENT_HAS_PIECES', message, { leftQuantity });
}

export function paymentExceedsOwed(of: {
  owedMinor: number;
  amountMinor: number;
  currencyCode: string;
}) {
  const { currencyCode } = of;
  const owed = moneyOf({ amountMinor: of.owedMinor, currencyCode });
  const requested = moneyOf({ amountMinor: of.amountMinor, currencyCode });
  const message = `${owed.amount} ${currencyCode} is owed, not ${requested.amount}.`;
  return refuse('PaymentExceedsOwed', 'PAYMENT_EXCEEDS_OWED', message, { owed, requested });
}

/** As the database function consignment_below_minimum gives it. */
export type LineBelow = { lineId: string; sku: string; priceMinor: number; minimumMinor: number };
export type BelowMinimumPrice = ReturnType<typeof belowMinimumPrice>;

export function belowMinimumPrice(below: readonly LineBelow[], currencyCode: string) {
  const lines = below.map(({ lineId, sku, priceMinor, minimumMinor }) => ({
    ...{ lineId, sku, price: moneyOf({ amountMinor: priceMinor, currencyCode }) },
    minimumPrice: moneyOf({ amountMinor: minimumMinor, currencyCode }),
  }));
  const message = lines
    .map(
      ({ sku, price, minimumPrice: { amount } }) =>
        `${sku} must bring ${amount}, not ${price.amount}.`,
    )
    .join(' ');
  return refuse('BelowMinimumPrice', 'BELOW_MINIMUM_PRICE', message, { lines });
}

export function customerHasConsignments(customerId: string) {
  const message = 'Pieces of the person are with the shop, or money is owed.';
  return refuse('CustomerHasConsignments', 'CUSTOMER_HAS_CONSIGNMENTS', message, { customerId });
}
