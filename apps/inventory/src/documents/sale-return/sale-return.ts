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

export type ReturnedLine = { lineId: string; stockItemId: string; quantity: number };

/**
 * What really went where a wrong size was corrected after the sale (ADR 0161): of a line whose item the sale has not, or not
 * as much, the item that was handed over instead comes back. `left`: by item, what the sale took and has not given back.
 */
export function asHandedOver<L extends ReturnedLine>(
  lines: readonly L[],
  { left, instead }: { left: ReadonlyMap<string, number>; instead: readonly Instead[] },
): L[] {
  const open = new Map(left);
  const take = (stockItemId: string, wanted: number) => {
    const quantity = Math.min(open.get(stockItemId) ?? 0, wanted);
    open.set(stockItemId, (open.get(stockItemId) ?? 0) - quantity);
    return quantity;
  };
  return lines.flatMap((line) => {
    const own = take(line.stockItemId, line.quantity);
    let rest = line.quantity - own;
    const others = instead
      .filter(({ lineId }) => lineId === null || lineId === line.lineId)
      .map(({ stockItemId }) => {
        const quantity = take(stockItemId, rest);
        rest -= quantity;
        return { ...line, stockItemId, quantity };
      });
    // What nothing explains stays with the line, for the bound to refuse.
    return [{ ...line, quantity: own + rest }, ...others].filter(({ quantity }) => quantity > 0);
  });
}

/** An item that a correction handed over instead of another, for one line of the sale or for whichever. */
export type Instead = { stockItemId: string; lineId: string | null };
