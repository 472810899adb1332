import type { Box } from './label-area.ts';
import { runsOf, type Run } from './label-bidi.ts';
import { ascent, runWidth } from './label-font.ts';
import type { Layout, Line } from './label-layout.ts';

/** A run with the left end of its base line; millimetres. */
export type Placed = { run: Run; x: number; top: number; base: number; size: number };
/** All that is black on a label. */
export type Drawing = { words: Placed[]; bars: Box[] };

export const drawingOf = ({ lines, area }: Layout, bars: Box[]): Drawing => ({
  words: lines.flatMap((line) => placedRuns(line, area)),
  bars,
});

function placedRuns({ text, startsRight, size, x, y }: Line, area: Box): Placed[] {
  const runs = runsOf(text, { startsRight }).map((run) => ({ run, width: runWidth(run) * size }));
  const width = runs.reduce((sum, run) => sum + run.width, 0);
  let left = startsRight ? x + area.width - width : x;
  return runs.map(({ run, width: wide }) => {
    const placed = { run, x: left, top: y, base: y + ascent * size, size };
    left += wide;
    return placed;
  });
}
