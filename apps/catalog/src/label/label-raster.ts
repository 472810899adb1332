/** A side of an outline in dots, from its beginning to its end. */
export type Edge = { x1: number; y1: number; x2: number; y2: number };
type Canvas = { width: number; height: number; ink: Float32Array };

const stepsOfCurve = 6;
const rowsPerDot = 4;

export const canvasOf = (width: number, height: number): Canvas => ({
  ...{ width, height },
  ink: new Float32Array(width * height),
});

/** A quadratic curve of TrueType as short lines. */
export function curveEdges(
  from: [number, number],
  by: [number, number],
  to: [number, number],
): Edge[] {
  const at = (index: 0 | 1, t: number) =>
    (1 - t) ** 2 * from[index] + 2 * t * (1 - t) * by[index] + t ** 2 * to[index];
  return Array.from({ length: stepsOfCurve }, (_, step) => {
    const [t, next] = [step / stepsOfCurve, (step + 1) / stepsOfCurve];
    return { x1: at(0, t), y1: at(1, t), x2: at(0, next), y2: at(1, next) };
  });
}

/**
 * Adds to each dot how much of it the outline covers, by the rule that TrueType fills with (non-zero winding): exactly
 * along a row, by four samples across it. Sharp could draw it as SVG, which the process refuses to read: pictures come
 * from strangers.
 */
export function fillOutline(canvas: Canvas, edges: readonly Edge[]): void {
  const rows = new Map<number, Crossing[]>();
  for (const edge of edges) addCrossings(rows, edge);
  for (const [row, crossings] of rows) {
    const dotRow = Math.floor(row / rowsPerDot);
    if (dotRow < 0 || dotRow >= canvas.height) continue;
    crossings.sort((a, b) => a.x - b.x);
    let winding = 0;
    for (let index = 0; index + 1 < crossings.length; index += 1) {
      winding += crossings[index]!.turn;
      if (winding !== 0) addInk(canvas, dotRow, [crossings[index]!.x, crossings[index + 1]!.x]);
    }
  }
}

/** Where an outline passes a sampled row, and whether it goes down or up there. */
type Crossing = { x: number; turn: 1 | -1 };

function addCrossings(rows: Map<number, Crossing[]>, { x1, y1, x2, y2 }: Edge): void {
  if (y1 === y2) return;
  const turn = y2 > y1 ? 1 : -1;
  // A sampled row is where its middle is: from the first at or below the upper end to the last above the lower one.
  const first = Math.ceil(Math.min(y1, y2) * rowsPerDot - 0.5);
  const end = Math.ceil(Math.max(y1, y2) * rowsPerDot - 0.5);
  const slope = (x2 - x1) / (y2 - y1);
  for (let row = first; row < end; row += 1) {
    const crossing: Crossing = { x: x1 + ((row + 0.5) / rowsPerDot - y1) * slope, turn };
    const known = rows.get(row);
    if (known) known.push(crossing);
    else rows.set(row, [crossing]);
  }
}

function addInk({ width, ink }: Canvas, row: number, [from, to]: [number, number]): void {
  for (let dot = Math.max(0, Math.floor(from)); dot < Math.min(width, to); dot += 1) {
    const covered = Math.min(to, dot + 1) - Math.max(from, dot);
    ink[row * width + dot]! += covered / rowsPerDot;
  }
}
