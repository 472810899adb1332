import { checkWhole, firstOf, invalidInput, type InvalidInput } from '@onecount/refusal';
import { onHandMax, type UnitInput } from './receipt.ts';

/** What one delivery may bring. */
export const receiptSize = { linesMax: 500, unitsMax: 1_000 } as const;

/** Bounds of one call, whatever its lines say. */
export function checkSize(
  lines: readonly { units?: readonly UnitInput[] | null; quantity?: number | null }[],
  { linesMax, unitsMax }: { linesMax: number; unitsMax: number },
): InvalidInput | undefined {
  const units = lines.reduce((sum, line) => sum + (line.units?.length ?? 0), 0);
  const quantity = lines.reduce((sum, line) => sum + Math.abs(line.quantity ?? 0), 0);
  return firstOf(
    checkWhole('lines', lines.length, { min: 1, max: linesMax }),
    units > unitsMax
      ? invalidInput('lines', `At most ${unitsMax} units are received at once.`, units)
      : undefined,
    quantity > onHandMax
      ? invalidInput('lines', `At most ${onHandMax} pieces are received at once.`, quantity)
      : undefined,
  );
}
