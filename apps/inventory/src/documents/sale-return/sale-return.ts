import type { SerialUnitStatus } from '../../kernel/serial-unit/serial-unit.sql.ts';

// What a return means for the count; pure.

export type Disposition = 'STOCK' | 'INSPECTION' | 'BENCH' | 'DAMAGED';
const known: readonly string[] = ['STOCK', 'INSPECTION', 'BENCH', 'DAMAGED'];

/** A word that is not known here keeps the goods aside until somebody has looked at them. */
export function dispositionOf(token: string | undefined): Disposition {
  return token !== undefined && known.includes(token) ? (token as Disposition) : 'INSPECTION';
}

/** What a unit that is RETURNED becomes at once; null: it stays so until somebody has looked at it. */
export const unitStatuses: Record<Disposition, SerialUnitStatus | null> = {
  STOCK: 'AVAILABLE',
  INSPECTION: null,
  BENCH: 'IN_REPAIR',
  DAMAGED: 'SCRAPPED',
};

/** What goods without a unit are kept for, so that nobody sells them; null: for nothing. */
export const keptPurposes: Record<Disposition, 'REPAIR' | 'INSPECTION' | null> = {
  STOCK: null,
  INSPECTION: 'INSPECTION',
  BENCH: 'REPAIR',
  DAMAGED: null,
};

export type SoldUnit = { unitId: string; isChosenLater: boolean };

/**
 * The units that came back: those that are named, as far as the sale has them. pos does not hear of a unit that was
 * swapped after the claim; the one that went in its place is meant then, so what was chosen later comes first.
 * Fewer than `quantity`: the rest was sold without a unit.
 */
export function unitsBack(
  sold: readonly SoldUnit[],
  { named, quantity }: { named: readonly string[]; quantity: number },
): string[] {
  const asNamed = sold.filter(({ unitId }) => named.includes(unitId));
  const others = sold.filter((unit) => !asNamed.includes(unit));
  const later = others.filter(({ isChosenLater }) => isChosenLater);
  const rest = others.filter(({ isChosenLater }) => !isChosenLater);
  return [...asNamed, ...later, ...rest].slice(0, quantity).map(({ unitId }) => unitId);
}
