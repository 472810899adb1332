import type { HoldChangeOutcome, UnitFacts } from './hold.ts';

/** A unit as somebody names it: by its serial value or stock number, or by its id. */
export type UnitName = { serial?: string | null; serialUnitId?: string | null };

type OfItem = { sku: string; title: string };

/** Those that bear a unit, in the order of the units. */
type Done = { outcome: 'DONE'; holdIds: string[] };
/** Why no unit is chosen, whoever asks. */
export type ChoiceRefused =
  | { outcome: 'NOT_SERIAL'; sku: string }
  | { outcome: 'HAS_UNIT' }
  | { outcome: 'HAS_NO_UNIT' }
  | { outcome: 'NO_SUCH_LINE' }
  | { outcome: 'NOT_SOLD' }
  | { outcome: 'TOO_MANY'; quantity: number }
  | ({ outcome: 'NO_SUCH_UNIT'; name: string } & OfItem)
  | ({ outcome: 'NAMED_TWICE'; name: string; index: number } & OfItem)
  | ({ outcome: 'UNIT_TAKEN' | 'UNIT_ELSEWHERE' } & UnitFacts & OfItem);
/** Of a live hold, a sale's included. */
export type HoldChoiceRefused =
  ChoiceRefused | Exclude<HoldChangeOutcome, { outcome: 'DONE' | 'OF_A_SALE' | 'TOO_MANY' }>;
type Insufficient = {
  outcome: 'INSUFFICIENT';
  requested: number;
  available: number;
  locationCode: string;
} & OfItem;

export type HoldAllocation = Done | HoldChoiceRefused | Insufficient;
export type HoldReallocation = Done | HoldChoiceRefused;
export type SaleUnitAllocation = Done | ChoiceRefused;
