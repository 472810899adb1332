import bwipjs from 'bwip-js';
import type { Box } from './label-area.ts';
import { moduleMmMin } from './label-printer.ts';
import type { LabelSymbology } from './label.ts';

type Code = Exclude<LabelSymbology, 'NONE'>;
/** The dark parts of a code in modules, its quiet zones counted in; a linear one is one module high. */
export type Symbol = { kind: Code; width: number; height: number; bars: Box[] };

type Drawn = { sbs: number[] } | { pixs: number[]; pixx: number; pixy: number };
type Form = { bcid: string; accepts: RegExp; quiet: [number, number] };

// Quiet zones of GS1's general specifications, ISO/IEC 15417 and ISO/IEC 18004.
const forms: Record<Code, Form[]> = {
  EAN: [
    { bcid: 'ean13', accepts: /^\d{13}$/, quiet: [11, 7] },
    { bcid: 'ean8', accepts: /^\d{8}$/, quiet: [7, 7] },
  ],
  UPC: [{ bcid: 'upca', accepts: /^\d{12}$/, quiet: [9, 9] }],
  CODE128: [{ bcid: 'code128', accepts: /^[ -~]{1,80}$/, quiet: [10, 10] }],
  QR: [{ bcid: 'qrcode', accepts: /^[^]{1,1000}$/, quiet: [4, 4] }],
};

/** Undefined where the text cannot be such a code: a letter in an EAN, a wrong check digit. */
export function symbolOf(kind: Code, text: string): Symbol | undefined {
  const form = forms[kind].find(({ accepts }) => accepts.test(text));
  if (form === undefined) return undefined;
  try {
    // Its types name one shape of list for linear and matrix codes each, never an element of either.
    const [drawn] = bwipjs.raw({ bcid: form.bcid, text }) as unknown as [Drawn];
    const found = 'pixs' in drawn ? matrix(drawn, form.quiet[0]) : linear(drawn.sbs, form.quiet);
    return { kind, ...found };
  } catch {
    return undefined;
  }
}

function linear(widths: readonly number[], [before, after]: [number, number]) {
  let x = before;
  const bars: Box[] = [];
  for (const [index, width] of widths.entries()) {
    if (index % 2 === 0) bars.push({ x, y: 0, width, height: 1 });
    x += width;
  }
  return { width: x + after, height: 1, bars };
}

// Dark modules side by side are one bar: fewer to draw, and no seam between them.
function matrix(
  { pixs, pixx, pixy }: { pixs: number[]; pixx: number; pixy: number },
  quiet: number,
) {
  const bars: Box[] = [];
  for (let y = 0; y < pixy; y += 1) {
    const row = pixs.slice(y * pixx, (y + 1) * pixx).join('');
    for (const { 0: dark, index } of row.matchAll(/1+/g)) {
      bars.push({ x: index + quiet, y: y + quiet, width: dark.length, height: 1 });
    }
  }
  return { width: pixx + 2 * quiet, height: pixy + 2 * quiet, bars };
}

/** The bars in millimetres, each edge on a dot of the printer; or the width that the code needs and has not. */
export function placedSymbol(
  symbol: Symbol,
  area: Box,
  dotsPerMm: number,
): { bars: Box[] } | { widthMmNeeded: number } {
  const { width, height, kind } = symbol;
  const isLinear = kind !== 'QR';
  const room = isLinear ? area.width : Math.min(area.width, area.height);
  const dots = Math.floor((room * dotsPerMm) / width + 1e-6);
  if (dots / dotsPerMm < moduleMmMin[kind] - 1e-6) {
    return { widthMmNeeded: (width * Math.ceil(moduleMmMin[kind] * dotsPerMm - 1e-6)) / dotsPerMm };
  }
  const module = dots / dotsPerMm;
  const onDot = (mm: number) => Math.round(mm * dotsPerMm) / dotsPerMm;
  const left = onDot(area.x + (area.width - width * module) / 2);
  const top = onDot(isLinear ? area.y : area.y + (area.height - height * module) / 2);
  const high = isLinear ? onDot(area.height) : module;
  const bars = symbol.bars.map((bar) => ({
    ...{ x: left + bar.x * module, y: top + bar.y * module },
    ...{ width: bar.width * module, height: high },
  }));
  return { bars };
}
