import { createHash } from 'node:crypto';
import { sumMinor, timesQuantity } from '@onecount/money';
import { unlisted } from '../discount/own-price.ts';
import { taxesOfLine } from '../tax/sale-tax.ts';
import type { LineTax, SaleTaxTerms } from '../tax/tax.ts';
import { discountsOfLine, type LineDiscount, type SaleDiscount } from '../discount/discount.ts';

export type SaleStatus = 'OPEN' | 'PENDING' | 'COMMITTED' | 'VOIDED';
export type SaleChannel = 'COUNTER' | 'WEB' | 'PHONE' | 'SHOPIFY' | 'WOOCOMMERCE' | 'OTHER';
/** Of a sale without a location the first means: where it is or where most is. */
export type FulfilFrom = 'SALE_LOCATION' | 'LINE_LOCATION' | 'ANY_LOCATION';
export type Tracking = 'NONE' | 'QUANTITY' | 'SERIAL';

/** As the database function sale_view gives it; instants are ISO 8601, amounts minor units. */
export type Sale = {
  id: string;
  channel: SaleChannel;
  externalId: string | null;
  status: SaleStatus;
  /** Grows with every change: a decision made on a sale holds only while its version stands. */
  version: number;
  registerId: string | null;
  locationId: string | null;
  locationCode: string | null;
  currencyCode: string;
  totalMinor: number;
  changeMinor: number;
  openedAt: string;
  commitKey: string | null;
  receiptNumber: string | null;
  committedAt: string | null;
  voidedAt: string | null;
  voidReason: string | null;
  /** Set when a refused claim voided the sale. */
  refusalReasons: ClaimReason[] | null;
  isReleaseConfirmed: boolean;
  /** Of the customer that it names; one that was merged since means the one that was kept. */
  customerId: string | null;
  /** Of a checkout whose payment is awaited, or was: until when. */
  paymentDueAt: string | null;
  /** Paid in parts (lay-by.ts). */
  isLayBy: boolean;
  /** Since when its stock is its own while the payment is awaited. */
  claimedAt: string | null;
  /** The expired checkout whose late payment this sale has. */
  lateOf: string | null;
  /** The sale of which goods came back to pay for this one, in part or whole. */
  exchangeOf: string | null;
  /** That what was paid for a void sale went back. */
  refund: Refund | null;
  /** Under which a register sold it without a connection, and when that was. */
  leaseId: string | null;
  soldAt: string | null;
  /** In the order they were given. */
  discounts: SaleDiscount[];
  /** For whoever looks for the basket. */
  name: string | null;
  /** Of an OPEN sale that takes nothing until it is resumed; stays with one that is given up. */
  parkedAt: string | null;
  parkedBy: string | null;
  /** As it is stored: of a sale that was not read back, whoever asked. */
  salesperson?: string;
  /** How it would be taxed now; of a basket alone. Null: its tenant taxes nothing. */
  taxTerms: SaleTaxTerms | null;
  /** What it was taxed with, since its intent. */
  taxes: LineTax[];
  /** Reference of a buyer who pays no tax. */
  taxExemption: string | null;
  /** What its total was changed by so that coins could pay it. */
  roundingMinor: number;
  lines: SaleLine[];
  tenders: Tender[];
};

export type SaleLine = {
  id: string;
  /** Null from the intent to the commit of a sale that came without a basket: inventory knows it by SKU. */
  stockItemId: string | null;
  variantId: string | null;
  sku: string;
  title: string;
  tracking: Tracking;
  /** Of a line of one piece. */
  serialUnitId: string | null;
  /** Of a committed line of several, as far as they are known one by one. */
  units: SoldUnit[];
  /** While stockItemId is null, the serial value or stock number that was asked for. */
  serial: string | null;
  locationId: string | null;
  fulfilFrom: FulfilFrom;
  quantity: number;
  unitPriceMinor: number;
  /** Of all of it, in minor units. */
  discountMinor: number;
  /** As the database's column says: quantity × price − discount. */
  totalMinor: number;
  /** Of one by the price book when the line was added, in the currency of the sale. */
  listPriceMinor: number | null;
  listPriceVersion: number | null;
  /** Why and by whom it is sold at another. */
  priceReason: string | null;
  priceGivenBy: string | null;
  holdId: string | null;
  heldUntil: string | null;
  /** What a person wrote down about it. */
  note: string | null;
  /** Of a line that is stored. */
  salesperson?: string;
  /** Of a line that sells a gift card, or fills one up: which. */
  giftCardId?: string | null;
};

/** What a line that is not stored yet comes to; a sum that is too much for an amount is refused before it is stored. */
export const undiscounted = ({
  unitPriceMinor,
  quantity,
}: Pick<SaleLine, 'unitPriceMinor' | 'quantity'>) => ({
  discountMinor: 0,
  totalMinor: unitPriceMinor * quantity,
});

export type SoldUnit = { serialUnitId: string; serial: string | null };

/** The pieces of a line, as far as the sale knows them one by one. */
export const unitsOf = ({ serialUnitId, serial, units }: SaleLine): SoldUnit[] =>
  serialUnitId === null ? units : [{ serialUnitId, serial }];

export type Refund = { reference: string; settledBy: string; settledAt: string };

/** A basket that may change and be paid. */
export function takesLines({ status, parkedAt }: Pick<Sale, 'status' | 'parkedAt'>): boolean {
  return status === 'OPEN' && parkedAt === null;
}

/** Its payment has not come yet. */
export function isUnpaid({ status, paymentDueAt, isLayBy, commitKey }: Sale): boolean {
  return status === 'PENDING' && (paymentDueAt !== null || isLayBy) && commitKey === null;
}

/**
 * Whether money came that no till gave back on the spot for what did not become a sale: for an awaited payment, or in a sale
 * that was made offline. It is owed back until the refund is settled. A lay-by owes by its own row.
 */
export function isOwedBack({ status, paymentDueAt, isLayBy, leaseId, commitKey }: Sale): boolean {
  const isPaidElsewhere = (paymentDueAt !== null && !isLayBy) || leaseId !== null;
  return status === 'VOIDED' && isPaidElsewhere && commitKey !== null;
}

/** What such a sale owes, in minor units: what was given, without the change that went back and what cards have got back. */
export function owedMinor({ tenders, changeMinor }: Sale): number {
  const owed = tenders.filter(({ storedValue }) => !storedValue);
  return sumMinor(owed.map(({ amountMinor }) => amountMinor)) - changeMinor;
}

/** A line and a tender do not know their currency, and a line not its discounts: they are their sale's. */
export type LineOfSale = SaleLine & {
  currencyCode: string;
  discounts: LineDiscount[];
  taxes: LineTax[];
};

/**
 * A line that an answer names is shown as it is now; one that was taken out since, as it was. What the release before kept
 * with a key had no discount and no total.
 */
export function lineAsItIs(sale: Sale, line: SaleLine): LineOfSale {
  const now = sale.lines.find(({ id }) => id === line.id) ?? {
    ...{ ...undiscounted(line), ...unlisted, ...line },
  };
  return {
    ...now,
    currencyCode: sale.currencyCode,
    discounts: discountsOfLine(sale, now),
    taxes: taxesOfLine(sale, now.id),
  };
}

/** Something of another service, of which only the id is known here. */
export type EntityRef = { id: string };

export type TenderKind =
  'CASH' | 'CARD' | 'EXCHANGE' | 'BANK_TRANSFER' | 'GIFT_CARD' | 'STORE_CREDIT';
export type Tender = {
  kind: TenderKind;
  amountMinor: number;
  reference: string | null;
  /** Of a gift card or a store credit: which, and what was left on it then; that is not known before it is stored. */
  storedValue?: { id: string; number: string; leftMinor: number | null } | null;
};
/** A tender does not know its currency: it is its sale's. */
export type TenderOfSale = Tender & { currencyCode: string };

export type ClaimReason = {
  lineId: string;
  sku: string;
  code: string;
  message: string;
  requested: number | null;
} & Shortage;

/** How many there are and where, as far as a refusal knows; one that was kept long ago says less. */
export type Shortage = {
  available: number | null;
  availableInAll?: number | null;
  locationCode?: string | null;
};

const moves: Record<SaleStatus, readonly SaleStatus[]> = {
  OPEN: ['PENDING', 'VOIDED'],
  PENDING: ['COMMITTED', 'VOIDED'],
  COMMITTED: [],
  VOIDED: [],
};

/** The only moves there are; the database functions make no other (sale.int.spec.ts checks them against this). */
export function canMove(from: SaleStatus, to: SaleStatus): boolean {
  return moves[from].includes(to);
}

export function isFinal(status: SaleStatus): boolean {
  return moves[status].length === 0;
}

/** Minor units. Throws MoneyError RANGE when the sum leaves the exact integers. */
export function totalOf(lines: readonly Pick<SaleLine, 'unitPriceMinor' | 'quantity'>[]): number {
  return sumMinor(lines.map((line) => timesQuantity(line.unitPriceMinor, line.quantity)));
}

/**
 * Untracked lines (a service) are nobody's stock: never held, and claimed only to learn their stock item. A gift card has none.
 * The place of a named piece is the sale's, unless its line asked for another: where its hold was is no wish, the piece
 * may have moved since.
 */
export function claimableLines(sale: Sale): SaleLine[] {
  return sale.lines
    .filter((line) => (line.tracking !== 'NONE' || line.stockItemId === null) && !line.giftCardId)
    .map((line) =>
      line.serialUnitId && line.fulfilFrom === 'SALE_LOCATION'
        ? { ...line, locationId: sale.locationId }
        : line,
    );
}

export type Payment = { pays: true; changeMinor: number } | { pays: false; tenderedMinor: number };

/**
 * Whether the tenders pay what is due. Change is given of cash only, so other tenders may not exceed
 * what is due, and a card payment next to too much cash is not refunded in cash beyond the cash given.
 */
export function settle(
  dueMinor: number,
  tenders: readonly Pick<Tender, 'kind' | 'amountMinor'>[],
): Payment {
  const isCash = ({ kind }: Pick<Tender, 'kind'>) => kind === 'CASH';
  const sum = (some: typeof tenders) => sumMinor(some.map(({ amountMinor }) => amountMinor));
  const tenderedMinor = sum(tenders);
  const withoutChangeMinor = sum(tenders.filter((tender) => !isCash(tender)));
  if (withoutChangeMinor > dueMinor || tenderedMinor < dueMinor)
    return { pays: false, tenderedMinor };
  return { pays: true, changeMinor: tenderedMinor - dueMinor };
}

/**
 * The id of the line that this key adds: the same for every attempt, so that a retry finds the hold
 * that a crashed attempt left in inventory instead of taking a second one. UUID version 8 (RFC 9562,
 * 5.8): made from a hash, not from time.
 */
export function lineIdOf(saleId: string, idempotencyKey: string): string {
  return idFrom(`${saleId}\n${idempotencyKey}`);
}

/**
 * The ids of a basket that is opened with lines, made from its key for the same reason: its holds come
 * before the sale is stored. No key has a NUL, so none of these is the line of another key.
 */
export function basketIdsOf(
  tenantId: string,
  { idempotencyKey, count }: { idempotencyKey: string; count: number },
): { saleId: string; lineIds: string[] } {
  const saleId = idFrom(`${tenantId}\n${idempotencyKey}`);
  return { saleId, lineIds: lineIdsOf(saleId, { idempotencyKey, count }) };
}

/** The same for lines that are added together. */
export function lineIdsOf(
  saleId: string,
  { idempotencyKey, count }: { idempotencyKey: string; count: number },
): string[] {
  return Array.from({ length: count }, (_, index) =>
    lineIdOf(saleId, `${idempotencyKey}\0${index}`),
  );
}

function idFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [0, 8, 12, 16, 20].map((from, i, all) => hex.slice(from, all[i + 1])).join('-');
}

/**
 * Whether the basket's holds are due for renewal: the first of them has used up a third of its life.
 * Renewing at every line would be a second call to inventory per line for nothing.
 */
export function needsRenewal(
  sale: Sale,
  { now, holdSeconds }: { now: Date; holdSeconds: number },
): boolean {
  const dueAt = now.getTime() + holdSeconds * 1000 * (2 / 3);
  return sale.lines.some((line) => line.heldUntil !== null && Date.parse(line.heldUntil) < dueAt);
}
