import type { HoldChangeOutcome, UnitFacts } from './hold.ts';

/** A unit as somebody names it: by its serial value or stock number, or by its id. */
export type UnitName = { serial?: string | null; serialUnitId?: string | null };

type OfItem = { sku: string; title: string };

/** What came of choosing units; those that bear one, in the order of the units. */
export type AllocationOutcome =
  | { outcome: 'DONE'; holdIds: string[] }
  | Exclude<HoldChangeOutcome, { outcome: 'DONE' }>
  | { outcome: 'NOT_SERIAL'; sku: string }
  | { outcome: 'HAS_UNIT' }
  | { outcome: 'HAS_NO_UNIT' }
  | { outcome: 'NO_SUCH_LINE' }
  | { outcome: 'NOT_SOLD' }
  | ({ outcome: 'NO_SUCH_UNIT'; name: string } & OfItem)
  | ({ outcome: 'NAMED_TWICE'; name: string; index: number } & OfItem)
  | ({ outcome: 'UNIT_TAKEN' | 'UNIT_ELSEWHERE' } & UnitFacts & OfItem)
  | ({
      outcome: 'INSUFFICIENT';
      requested: number;
      available: number;
      locationCode: string;
    } & OfItem);
