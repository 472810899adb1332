// What is agreed with owners of pieces, and what is owed to them; pure.

export type BelowMinimum = 'REFUSE' | 'WARN';
export type Discounts = 'SHARED' | 'SHOP';

export type Agreement = {
  id: string;
  ownerId: string;
  reference: string | null;
  currencyCode: string;
  /** Of 10,000; null where an amount is fixed. */
  shareBasisPoints: number | null;
  owedMinor: number | null;
  minimumMinor: number | null;
  belowMinimum: BelowMinimum;
  discounts: Discounts;
  validFrom: Date;
  validUntil: Date | null;
  note: string | null;
  openedBy: string;
  openedAt: Date;
  endedAt: Date | null;
  /** Of the opening, with microseconds, for the cursor. */
  position: string;
};

export type Piece = {
  id: string;
  agreementId: string;
  sku: string;
  title: string;
  serialUnitId: string | null;
  serial: string | null;
  quantity: number;
  soldQuantity: number;
  returningQuantity: number;
  returnedQuantity: number;
  leftQuantity: number;
  owedMinor: number | null;
  minimumMinor: number | null;
  /** Of its agreement. */
  currencyCode: string;
  addedBy: string;
  addedAt: Date;
  position: string;
};

export type Entry = {
  id: string;
  number: number;
  agreementId: string;
  currencyCode: string;
  kind: 'SOLD' | 'TAKEN_BACK' | 'PAID';
  amountMinor: number;
  balanceMinor: number;
  pieceId: string | null;
  saleId: string | null;
  quantity: number | null;
  paidMinor: number | null;
  isBelowMinimum: boolean;
  reference: string | null;
  recordedBy: string;
  recordedAt: Date;
  position: string;
};

export type PieceReturn = {
  id: string;
  pieceId: string;
  quantity: number;
  locationId: string;
  note: string | null;
  status: 'PENDING' | 'RETURNED' | 'REFUSED';
  refusal: string | null;
  returnedBy: string;
  returnedAt: Date;
};

/** "60", "33.33" → 6000, 3333; null for what is no percentage from 0 to 100 with at most two decimals. */
export function basisPointsOf(percent: string): number | null {
  const match = /^(0|[1-9]\d?|100)(?:\.(\d{1,2})0*)?$/.exec(percent);
  if (!match) return null;
  const points = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return points <= 10_000 ? points : null;
}

/** 6000 → "60", 3333 → "33.33", 50 → "0.5". */
export function percentOf(basisPoints: number): string {
  const [whole, part] = [Math.trunc(basisPoints / 100), basisPoints % 100];
  return part === 0 ? `${whole}` : `${whole}.${String(part).padStart(2, '0').replace(/0$/, '')}`;
}

/** Whether something may be taken in now. */
export function takesIn(
  { validFrom, validUntil, endedAt }: Pick<Agreement, 'validFrom' | 'validUntil' | 'endedAt'>,
  now: Date,
): boolean {
  return endedAt === null && validFrom <= now && (validUntil === null || now < validUntil);
}
