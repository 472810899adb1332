import sharp from 'sharp';
import type { Drawing } from './label-drawing.ts';
import { outlinesOf } from './label-font.ts';
import { canvasOf, fillOutline } from './label-raster.ts';

/** 1 byte a dot, 0 is black. */
export type Bitmap = { width: number; height: number; dots: Uint8Array };
type Size = { widthMm: number; heightMm: number };

/** Less than half, so that a stroke which is thinner than a dot does not vanish between two. */
const inkOfBlack = 0.4;

/** A label in the dots of its printer: what a preview shows is what is printed. */
export function bitmapOf(
  { widthMm, heightMm }: Size,
  { words, bars }: Drawing,
  dotsPerMm: number,
): Bitmap {
  const dotsOf = (mm: number) => Math.round(mm * dotsPerMm);
  const canvas = canvasOf(dotsOf(widthMm), dotsOf(heightMm));
  for (const { run, x, base, size } of words) {
    const place = { left: x * dotsPerMm, base: base * dotsPerMm, emDots: size * dotsPerMm };
    for (const outline of outlinesOf(run, place)) fillOutline(canvas, outline);
  }
  const { width, height, ink } = canvas;
  const dots = new Uint8Array(ink.length).fill(255);
  // By hand: an iterator over a hundred thousand dots took most of a label's time.
  for (let dot = 0; dot < dots.length; dot += 1) if (ink[dot]! >= inkOfBlack) dots[dot] = 0;
  for (const bar of bars) {
    const [left, right] = [dotsOf(bar.x), dotsOf(bar.x + bar.width)];
    for (let row = dotsOf(bar.y); row < dotsOf(bar.y + bar.height); row += 1) {
      dots.fill(0, row * width + left, row * width + right);
    }
  }
  return { width, height, dots };
}

export const pngOf = ({ width, height, dots }: Bitmap): Promise<Buffer> =>
  sharp(dots, { raw: { width, height, channels: 1 } })
    .png({ colours: 2 })
    .toBuffer();
