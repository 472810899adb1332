import type { SaleTaken } from './sale-correction.sql.ts';

// What of a sale may still be corrected; pure.

export type Correctable = { sold: number; corrected: number; locationId: string | null };

/**
 * Of the line if one is named, and never more than of the whole sale: a correction without a line
 * counts against each.
 */
export function correctableOf(taken: readonly SaleTaken[], lineId: string | null): Correctable {
  const whole = totalsOf(taken);
  if (lineId === null) return { ...whole, locationId: placeOf(taken) };
  const ofLine = taken.filter((each) => each.lineId === lineId);
  const line = totalsOf(ofLine);
  const left = Math.min(line.sold - line.corrected, whole.sold - whole.corrected);
  return { sold: line.sold, corrected: line.sold - left, locationId: placeOf(ofLine) };
}

function totalsOf(taken: readonly SaleTaken[]): { sold: number; corrected: number } {
  const sum = (sign: 1 | -1) =>
    taken.reduce((total, { quantity }) => total + Math.max(sign * quantity, 0), 0);
  return { sold: sum(-1), corrected: sum(1) };
}

// Where most of it was taken and has not come back.
function placeOf(taken: readonly SaleTaken[]): string | null {
  const byPlace = new Map<string, number>();
  for (const { locationId, quantity } of taken)
    byPlace.set(locationId, (byPlace.get(locationId) ?? 0) - quantity);
  const [best] = [...byPlace].sort(([, a], [, b]) => b - a);
  return best?.[0] ?? null;
}
