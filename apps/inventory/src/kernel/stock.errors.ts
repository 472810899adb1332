import { notFound, refuse, type Refusal } from '@onecount/refusal';

// The refusals that several nouns of this app share. Messages name the piece, because the person who
// reads them holds it in the hand.

/** A piece as its messages call it. */
export type Piece = {
  sku: string;
  title?: string | null;
  serial?: string | null;
  stockNumber?: string | null;
};

export function nameOf({ sku, title, serial, stockNumber }: Piece): string {
  const number = serial ? `, serial ${serial}` : stockNumber ? `, number ${stockNumber}` : '';
  return `${title ? `${title} (${sku})` : sku}${number}`;
}

/** A unit that was named by its item and its serial or id. */
export function unitNotFound(named: {
  sku: string;
  serial?: string | null | undefined;
  serialUnitId?: string | null | undefined;
}) {
  return notFound('SerialUnit', `${named.sku} ${named.serial ?? named.serialUnitId}`);
}

export type Amounts = {
  requested: number;
  available: number;
  /** In all locations together; left out where no other one could serve. */
  availableInAll?: number;
  locationCode: string | null;
};

export function insufficientStock(piece: Piece, amounts: Amounts) {
  const { requested, available, availableInAll = null, locationCode } = amounts;
  const isElsewhere = availableInAll !== null && availableInAll > Math.max(available, 0);
  const one = isElsewhere ? ' at one location' : '';
  const place = locationCode ? ` at ${locationCode}` : one;
  const all = isElsewhere ? `, ${availableInAll} in all locations` : '';
  return refuse(
    'InsufficientStock',
    'INSUFFICIENT_STOCK',
    `${requested} of ${nameOf(piece)} asked for, ${Math.max(available, 0)} available${place}${all}.`,
    { sku: piece.sku, requested, available, availableInAll, locationCode },
  );
}

/** What a refusal among several says beside its message. */
export type Shortage = {
  available: number | null;
  availableInAll: number | null;
  locationCode: string | null;
};

/** How many there are and where, as far as the refusal knows. */
export function shortageOf(refusal: Refusal): Shortage {
  const { available, availableInAll, locationCode } = refusal as Partial<Shortage>;
  return {
    available: available ?? null,
    availableInAll: availableInAll ?? null,
    locationCode: locationCode ?? null,
  };
}

export type UnitState = { unitStatus: string; heldBy: string | null; heldUntil: string | null };

export function unitNotAvailable(piece: Piece, { unitStatus, heldBy, heldUntil }: UnitState) {
  const state = { unitStatus, heldBy, heldUntil };
  const message = `${nameOf(piece)} is not available: ${unitWords(state)}.`;
  return unitRefusal(piece, { ...state, locationCode: null }, message);
}

/** It is free, at another location than the one that was asked for. */
export function unitElsewhere(piece: Piece, at: { locationCode: string | null }) {
  const { locationCode } = at;
  const state = { unitStatus: 'AVAILABLE', heldBy: null, heldUntil: null };
  return unitRefusal(piece, { ...state, locationCode }, `${nameOf(piece)} is at ${locationCode}.`);
}

function unitRefusal(
  piece: Piece,
  facts: UnitState & { locationCode: string | null },
  message: string,
) {
  const { unitStatus, heldBy, heldUntil, locationCode } = facts;
  return refuse('UnitNotAvailable', 'UNIT_NOT_AVAILABLE', message, {
    sku: piece.sku,
    serial: piece.serial ?? null,
    stockNumber: piece.stockNumber ?? null,
    ...{ unitStatus, heldBy, heldUntil, locationCode },
  });
}

export function stockItemNotTracked(piece: Piece) {
  return refuse(
    'StockItemNotTracked',
    'STOCK_ITEM_NOT_TRACKED',
    `${nameOf(piece)} is not counted: it is always sellable.`,
    { sku: piece.sku },
  );
}

function unitWords({ unitStatus, heldBy, heldUntil }: UnitState): string {
  if (unitStatus === 'SOLD') return 'it is sold';
  if (unitStatus !== 'HELD') return `it is ${unitStatus.toLowerCase().replaceAll('_', ' ')}`;
  const holder = heldBy ? `held by a ${heldBy.toLowerCase().replaceAll('_', ' ')}` : 'held';
  if (heldUntil === null) return `${holder} and not to be released by itself`;
  // The database's form has microseconds and an offset: in a sentence the one that the field has, too.
  return `${holder} until ${new Date(heldUntil).toISOString()}`;
}
