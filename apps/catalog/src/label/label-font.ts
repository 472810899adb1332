import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openSync, type Font } from 'fontkit';
import { runsOf, type Run } from './label-bidi.ts';
import { curveEdges, type Edge } from './label-raster.ts';
import type { Measure } from './label-wrap.ts';

/**
 * One font for every printer, so that what fits in one form fits in all: Latin with its accents, Greek, Cyrillic, Hebrew,
 * Arabic and the signs of currencies.
 */
export const fontFile = createRequire(join(import.meta.dirname, 'label-font.ts')).resolve(
  'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
);
const font = openSync(fontFile) as Font;
/** From the top of a line to its base, in em. */
export const ascent = font.ascent / font.unitsPerEm;

export const shaped = ({ text }: Run) => font.layout(text);
export const runWidth = (run: Run): number => shaped(run).advanceWidth / font.unitsPerEm;
/** In em. */
export const widthOf: Measure = (text) => runsOf(text).reduce((sum, run) => sum + runWidth(run), 0);

/** Words come again and again while a label looks for its size, and from label to label. */
export function createMeasure(): Measure {
  const widths = new Map<string, number>();
  const wordWidth = (word: string) => {
    const width = widths.get(word) ?? widthOf(word);
    widths.set(word, width);
    return width;
  };
  const blank = widthOf(' ');
  return (text) => {
    const words = text.split(' ');
    return words.reduce((sum, word) => sum + wordWidth(word), (words.length - 1) * blank);
  };
}

const has = (letter: string) => font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0);

/** One line of letters as the font has them; a picture (emoji) that it has not says nothing and is left out. */
export const printable = (text: string): string =>
  text
    .normalize('NFC')
    .replace(
      /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\ufe0f]/gu,
      (one) => (has(one) && one !== '\ufe0f' ? one : ''),
    )
    .replace(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, ' ')
    .trim();

/** The letters that the font has not, each once. */
export const lettersMissing = (text: string): string =>
  [...new Set(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ''))]
    .filter((letter) => !has(letter))
    .join('');

type Command = { command: string; args: number[] };

/** The outlines of a run's letters in dots; `left` is where the run begins, `base` the line that it stands on. */
export function outlinesOf(
  run: Run,
  { left, base, emDots }: { left: number; base: number; emDots: number },
): Edge[][] {
  const { glyphs, positions } = shaped(run);
  const scale = emDots / font.unitsPerEm;
  let right = 0;
  return glyphs.map((glyph, index) => {
    const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[index] ?? {};
    const x = right + xOffset;
    right += xAdvance;
    // The font's y goes up.
    return edgesOf(glyph.path.commands, (glyphX, glyphY) => [
      left + (x + glyphX) * scale,
      base - (yOffset + glyphY) * scale,
    ]);
  });
}

// TrueType has lines and quadratic curves, nothing else.
function edgesOf(commands: Command[], place: (x: number, y: number) => [number, number]): Edge[] {
  const edges: Edge[] = [];
  let start: [number, number] = [0, 0];
  let at = start;
  const lineTo = (to: [number, number]) =>
    edges.push({ x1: at[0], y1: at[1], x2: to[0], y2: to[1] });
  for (const { command, args } of commands) {
    const [x = 0, y = 0, endX = 0, endY = 0] = args;
    const to = place(x, y);
    if (command === 'closePath') lineTo(start);
    else if (command === 'quadraticCurveTo') {
      const end = place(endX, endY);
      edges.push(...curveEdges(at, to, end));
      at = end;
    } else {
      if (command === 'moveTo') start = to;
      else lineTo(to);
      at = to;
    }
  }
  return edges;
}
