import type { TenderKind } from '../sale/sale.ts';

export type StoredValueKind = 'GIFT_CARD' | 'STORE_CREDIT';
/** NOT_SOLD: its sale is not committed, it is worth nothing yet. */
export type StoredValueStatus = 'NOT_SOLD' | 'ACTIVE' | 'EXPIRED' | 'BLOCKED';

/** A gift card or a store credit: money that the shop owes. */
export type StoredValue = {
  id: string;
  kind: StoredValueKind;
  currencyCode: string;
  /** The last four of a card's code, the whole number of a credit. */
  number: string;
  customerId: string | null;
  balanceMinor: number;
  status: StoredValueStatus;
  activeAt: Date | null;
  expiresAt: Date | null;
  blockReason: string | null;
  replacedBy: string | null;
  issuedBy: string;
  issuedAt: Date;
  /** With microseconds, for the cursor. */
  position: string;
};

export type StoredValueEntryKind =
  'SOLD' | 'ISSUED' | 'SPENT' | 'GIVEN_BACK' | 'REFUNDED' | 'TAKEN_BACK' | 'TRANSFERRED';

export type StoredValueEntry = {
  number: number;
  kind: StoredValueEntryKind;
  amountMinor: number;
  balanceMinor: number;
  currencyCode: string;
  saleId: string | null;
  returnId: string | null;
  otherId: string | null;
  reason: string | null;
  recordedBy: string | null;
  recordedAt: Date;
};

export const isStoredKind = (kind: TenderKind): kind is StoredValueKind =>
  kind === 'GIFT_CARD' || kind === 'STORE_CREDIT';

/** How it is shown where others may read it. */
export const maskedNumber = ({ kind, number }: { kind: TenderKind; number: string }): string =>
  kind === 'GIFT_CARD' ? `•••• ${number}` : number;
