// A stock room small enough to check by eye: one item counted by quantity (RING), one of named pieces
// (BROOCH), two locations. Pure: a step takes one state to the next and says how it is answered.

export type Place = 'HQ' | 'GM';
export const places: readonly Place[] = ['HQ', 'GM'];

export type UnitStatus =
  'AVAILABLE' | 'HELD' | 'SOLD' | 'IN_REPAIR' | 'IN_TRANSIT' | 'LOST' | 'SCRAPPED' | 'RETURNED';
export type Unit = { serial: string; place: Place; status: UnitStatus };
export type Sku = 'RING' | 'BROOCH';

/** A claim, by the name that its step gave it; a sale's line and a transfer's line are claims too. */
export type Claim = {
  name: string;
  sku: Sku;
  place: Place;
  quantity: number;
  serial: string | null;
  isSoft: boolean;
  /** A sale's, a transfer's, the bench's, or nobody's but its own. */
  of: { kind: 'SALE' | 'TRANSFER' | 'UNIT'; name: string } | null;
};

export type Sale = 'BASKET' | 'CLAIMED' | 'RELEASED' | 'APPLIED';
export type Transfer = {
  status: 'DRAFT' | 'DISPATCHED' | 'RECEIVED' | 'CANCELLED';
  from: Place;
  lines: { sku: Sku; quantity: number; serial: string | null }[];
};

export type Stock = {
  rings: Record<Place, number>;
  units: Unit[];
  claims: Claim[];
  sales: Record<string, Sale>;
  transfers: Record<string, Transfer>;
};

export const emptyStock: Stock = {
  rings: { HQ: 0, GM: 0 },
  units: [],
  claims: [],
  sales: {},
  transfers: {},
};

const isHere = ({ status }: Unit): boolean =>
  ['AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED'].includes(status);

export function onHand(stock: Stock, sku: Sku, place: Place): number {
  if (sku === 'RING') return stock.rings[place];
  return stock.units.filter((unit) => unit.place === place && isHere(unit)).length;
}

export function committed(stock: Stock, sku: Sku, place: Place): number {
  return stock.claims
    .filter((claim) => claim.sku === sku && claim.place === place)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

export const available = (stock: Stock, sku: Sku, place: Place): number =>
  onHand(stock, sku, place) - committed(stock, sku, place);

/** The state that every test compares: levels and pieces. */
export function shown(stock: Stock) {
  const levels = (['RING', 'BROOCH'] as const).flatMap((sku) =>
    places.map((place) => ({
      sku,
      place,
      onHand: onHand(stock, sku, place),
      committed: committed(stock, sku, place),
    })),
  );
  const units = stock.units.map(({ serial, place, status }) => ({ serial, place, status }));
  return { levels, units };
}
