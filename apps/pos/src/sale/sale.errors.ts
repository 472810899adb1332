import type { IdempotencyKeyReused } from '@onecount/db';
import { moneyOf } from '@onecount/money';
import { refuse, type InvalidInput, type NotFound, type Refusal } from '@onecount/refusal';
import type { BelowMinimumPrice } from '../consignment/consignment.errors.ts';
import type { OwnPriceRefused } from '../discount/own-price.errors.ts';
import type { PromotionRefused } from '../discount/promotion.errors.ts';
import type { CustomerErased } from '../customer/customer.errors.ts';
import type { StoredValueRefused } from '../stored-value/stored-value.errors.ts';
import { owedMinor, type ClaimReason, type Sale, type Shortage } from './sale.ts';

// Precedence when several apply: input → idempotency key → unknown sale → state of the sale → state of
// the till → customer → currency → empty → payment → stock. Tested by the refusal table in checkout.int.spec.ts.

const stateWords = {
  OPEN: 'is open',
  PENDING: 'is being checked out',
  COMMITTED: 'is sold',
  VOIDED: 'is void',
} as const;

export function saleNotOpen(sale: Sale) {
  const receipt = sale.receiptNumber ? ` with receipt ${sale.receiptNumber}` : '';
  const isParked = sale.status === 'OPEN' && sale.parkedAt !== null;
  const state = isParked ? 'is parked; resume it first' : stateWords[sale.status];
  const message = `The sale ${state}${receipt}.`;
  return refuse('SaleNotOpen', 'SALE_NOT_OPEN', message, { sale });
}

export function saleAlreadyCommitted(sale: Sale) {
  const message = `The sale is final under receipt ${sale.receiptNumber}; it needs a return.`;
  return refuse('SaleAlreadyCommitted', 'SALE_ALREADY_COMMITTED', message, { sale });
}

export function externalIdTaken(sale: Sale) {
  const message = `${sale.channel} has a sale with external id ${sale.externalId} already.`;
  const externalId = sale.externalId!;
  return refuse('ExternalIdTaken', 'EXTERNAL_ID_TAKEN', message, { externalId, sale });
}

export function registerClosed(registerId: string) {
  return refuse('RegisterClosed', 'REGISTER_CLOSED', 'The register has no open shift.', {
    registerId,
  });
}

export function saleEmpty(saleId: string) {
  return refuse('SaleEmpty', 'SALE_EMPTY', 'The sale has no lines.', { saleId });
}

const notForSaleWords = {
  PRODUCT_NOT_ACTIVE: 'its product is not active',
  VARIANT_NOT_ACTIVE: 'it is switched off',
  NO_PRICE: 'it has no price',
} as const;
export type NotForSaleReason = keyof typeof notForSaleWords;

export function notForSale(piece: { sku: string; title: string; reason: NotForSaleReason }) {
  const message = `${piece.title} (${piece.sku}) is not for sale: ${notForSaleWords[piece.reason]}.`;
  const { sku, reason } = piece;
  return refuse('NotForSale', 'NOT_FOR_SALE', message, { sku, reason });
}

export type CurrencyMismatch = ReturnType<typeof currencyMismatch>;

export function currencyMismatch(currencies: { expected: string; actual: string }) {
  const message = `The sale is in ${currencies.expected}, the amount in ${currencies.actual}.`;
  return refuse('CurrencyMismatch', 'CURRENCY_MISMATCH', message, currencies);
}

/** `givesChange` false: a sale that is paid already was paid exactly. */
export function tenderMismatch(
  sale: Pick<Sale, 'totalMinor' | 'currencyCode'>,
  tenderedMinor: number,
  { givesChange = true } = {},
) {
  const { currencyCode } = sale;
  const due = moneyOf({ amountMinor: sale.totalMinor, currencyCode });
  const tendered = moneyOf({ amountMinor: tenderedMinor, currencyCode });
  const tooMuch = givesChange
    ? 'more than is due, and only of cash there is change'
    : 'more than is due';
  const problem = tenderedMinor < sale.totalMinor ? 'too little' : tooMuch;
  const message = `${due.amount} ${currencyCode} is due, ${tendered.amount} was tendered: ${problem}.`;
  return refuse('TenderMismatch', 'TENDER_MISMATCH', message, { due, tendered });
}

export function saleClaimLost(sale: Sale, reasons: ClaimReason[]) {
  const message = `The sale is void: ${reasons.map((reason) => reason.message).join(' ')}`;
  return refuse('SaleClaimLost', 'SALE_CLAIM_LOST', message, { reasons, sale });
}

export function salePending(saleId: string) {
  const message = 'The outcome is not known yet. Ask again with the same idempotency key.';
  return refuse('SalePending', 'SALE_PENDING', message, { saleId });
}

export type RefundDue = ReturnType<typeof refundDue>;

export function refundDue(sale: Sale) {
  const { currencyCode } = sale;
  const owed = moneyOf({ amountMinor: owedMinor(sale), currencyCode });
  const message = `${owed.amount} ${currencyCode} was paid for a sale that is void, and is to be given back.`;
  return refuse('RefundDue', 'REFUND_DUE', message, { sale, amount: owed });
}

export type InsufficientStock = Refusal<'InsufficientStock'> & {
  sku: string;
  requested: number;
  available: number;
  availableInAll: number | null;
  locationCode: string | null;
};
export type UnitNotAvailable = Refusal<'UnitNotAvailable'> & {
  sku: string;
  serial: string | null;
  stockNumber: string | null;
  unitStatus: string;
  heldBy: string | null;
  heldUntil: string | null;
  locationCode: string | null;
};

export type HoldNotTaken = Refusal<'HoldNotTaken'> & {
  holdId: string;
  reason: 'NOT_LIVE' | 'NOT_YOURS' | 'OF_A_SALE' | 'OF_A_DOCUMENT';
};

export type SaleLineRefusal = {
  /** Of the line in the input, from 0. */
  index: number;
  sku: string | null;
  code: string;
  message: string;
  requested: number;
} & Shortage;

/** All lines that cannot be sold so; nothing was stored and nothing is held. */
export function saleLinesRefused(refusals: SaleLineRefusal[]) {
  const message = refusals.map((refusal) => refusal.message).join(' ');
  return refuse('SaleLinesRefused', 'SALE_LINES_REFUSED', message, { refusals });
}

// What each use case may answer besides success: the unions of sale.graphql, checked by the compiler.
type Common = IdempotencyKeyReused | NotFound | InvalidInput;
export type PlaceRefusal =
  | NotFound
  | ReturnType<typeof registerClosed>
  | CustomerErased
  | ReturnType<typeof externalIdTaken>;
export type LinesRefusal = ReturnType<typeof saleLinesRefused> | InvalidInput;
export type SaleOpenRefusal = Common | PlaceRefusal | LinesRefusal | OwnPriceRefused;
export type TenderRefusal =
  InvalidInput | CurrencyMismatch | StoredValueRefused | ReturnType<typeof tenderMismatch>;
export type LineRemoveRefusal = Common | ReturnType<typeof saleNotOpen>;
export type PriceRefusal = ReturnType<typeof notForSale> | CurrencyMismatch | InvalidInput;
export type LineAddRefusal =
  | LineRemoveRefusal
  | PriceRefusal
  | OwnPriceRefused
  | InsufficientStock
  | UnitNotAvailable
  | HoldNotTaken;
export type LineUpdateRefusal =
  LineRemoveRefusal | CurrencyMismatch | OwnPriceRefused | InsufficientStock;
export type LinesAddRefusal = LineRemoveRefusal | LinesRefusal | OwnPriceRefused;
export type PaymentRefusal =
  TenderRefusal | ReturnType<typeof saleNotOpen> | ReturnType<typeof saleEmpty>;
export type UnsoldRefusal = ReturnType<typeof saleClaimLost> | ReturnType<typeof salePending>;
export type SaleCommitRefusal =
  | Common
  | PaymentRefusal
  | UnsoldRefusal
  | RefundDue
  | BelowMinimumPrice
  | PromotionRefused
  | ReturnType<typeof registerClosed>
  | CustomerErased;
/** Of any sale that is paid already. */
export type PaidSaleRefusal = Common | PlaceRefusal | LinesRefusal | TenderRefusal | UnsoldRefusal;
export type SaleRecordRefusal = PaidSaleRefusal | OwnPriceRefused;
export type SaleVoidRefusal =
  Common | ReturnType<typeof saleAlreadyCommitted> | ReturnType<typeof salePending>;
