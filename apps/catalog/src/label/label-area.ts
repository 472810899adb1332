import type { LabelSpec } from './label.ts';

export type Box = { x: number; y: number; width: number; height: number };
type Frame = Pick<LabelSpec, 'widthMm' | 'heightMm' | 'tailMm' | 'tailAt' | 'symbology'>;

const padding = 1.2;
export const leading = 1.2;
export const emMax = 3.4;
/** About 4 points: what a thermal printer of 203 dpi still prints legibly. */
export const emMin = 1.4;

/** Where text and code go: on the two flags of a jewellery tag; beside each other with a QR code; else the code below. */
export function areasOf(frame: Frame): { text: Box; code: Box | null } {
  const { widthMm: width, heightMm: height, tailMm, symbology } = frame;
  const all = inset({ x: 0, y: 0, width, height });
  if (tailMm > 0) {
    const [front, back] = flagsOf(frame);
    return { text: front, code: symbology === 'NONE' ? null : back };
  }
  if (symbology === 'NONE') return { text: all, code: null };
  return symbology === 'QR' ? beside(all) : below(all);
}

function flagsOf({ widthMm, heightMm, tailMm, tailAt }: Frame): [Box, Box] {
  const width = (widthMm - tailMm) / 2;
  const first = tailAt === 'LEFT' ? tailMm : 0;
  const second = first + width + (tailAt === 'MIDDLE' ? tailMm : 0);
  const flag = (x: number) => inset({ x, y: 0, width, height: heightMm });
  return [flag(first), flag(second)];
}

function beside(all: Box): { text: Box; code: Box } {
  const side = Math.min(all.height, all.width * 0.4);
  const code = { x: all.x + all.width - side, y: all.y, width: side, height: side };
  return { text: { ...all, width: all.width - side - padding }, code };
}

function below(all: Box): { text: Box; code: Box } {
  const height = Math.min(10, all.height * 0.4);
  const code = { ...all, y: all.y + all.height - height, height };
  return { text: { ...all, height: all.height - height - padding / 2 }, code };
}

const inset = ({ x, y, width, height }: Box): Box => ({
  ...{ x: x + padding, y: y + padding },
  ...{ width: width - 2 * padding, height: height - 2 * padding },
});

/** Lines of a size that an area has room for; a hundredth of a line too much is rounding. */
export const rowsIn = ({ height }: Box, size: number): number =>
  Math.max(0, Math.floor(height / (size * leading) + 0.01));
