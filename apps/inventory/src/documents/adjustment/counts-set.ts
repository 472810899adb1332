import type { CountedLevel } from './counts-set.sql.ts';

export type CountLine = { sku: string; place: string; onHand: number };
export type CountOutcome =
  'SET' | 'KEPT' | 'HELD' | 'UNKNOWN_SKU' | 'UNKNOWN_LOCATION' | 'NOT_BY_QUANTITY';

export type CountStep = {
  outcome: CountOutcome;
  before: number;
  /** Change of the count that the outcome takes; 0 for none. */
  change: number;
  reason: 'OPENING' | 'COUNT_CORRECTION';
};

/** What a count means for a level: the first one opens it, a further one corrects it or is kept. */
export function countStep(
  level: Pick<CountedLevel, 'onHand' | 'isCounted'> & { available: number },
  { onHand, isOverwriting }: { onHand: number; isOverwriting: boolean },
): CountStep {
  const change = onHand - level.onHand;
  const reason = level.isCounted ? 'COUNT_CORRECTION' : 'OPENING';
  const step = { before: level.onHand, reason } as const;
  if (change === 0) return { ...step, outcome: 'SET', change };
  if (level.isCounted && !isOverwriting) return { ...step, outcome: 'KEPT', change: 0 };
  if (change < 0 && level.available + change < 0) return { ...step, outcome: 'HELD', change: 0 };
  return { ...step, outcome: 'SET', change };
}
