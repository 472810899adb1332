/**
 * What some pieces of a line come to, in minor units: each piece has its share, and the first ones have the minor units
 * that do not divide. So whatever is returned in whatever parts, all of it together is the total of the line.
 * `from`: how many pieces were returned before.
 */
export function shareOfPieces(
  totalMinor: number,
  quantity: number,
  { from, count }: { from: number; count: number },
): number {
  const left = totalMinor % quantity;
  const each = (totalMinor - left) / quantity;
  return each * count + Math.min(Math.max(left - from, 0), count);
}
