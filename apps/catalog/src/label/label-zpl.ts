import type { Bitmap } from './label-bitmap.ts';

/**
 * A label as a graphic field (^GFA), so that it looks the same whatever fonts the printer has, accents and € included.
 * Repeated bytes are kept short by ZPL's own run lengths: G–Y are 1–19, g–z are 20–400 of the digit that follows.
 */
export function zplOf({ width, height, dots }: Bitmap, copies: number): string {
  const rowBytes = Math.ceil(width / 8);
  const rows = Array.from({ length: height }, (_, row) =>
    rowOf(dots.subarray(row * width, (row + 1) * width), rowBytes),
  );
  const total = rowBytes * height;
  return `^XA^PW${width}^LL${height}^FO0,0^GFA,${total},${total},${rowBytes},${rows.join('')}^FS^PQ${copies}^XZ\n`;
}

function rowOf(dots: Uint8Array, rowBytes: number): string {
  const bytes = new Uint8Array(rowBytes);
  for (let index = 0; index < dots.length; index += 1) {
    if (dots[index] === 0) bytes[index >> 3]! |= 0x80 >> (index & 7);
  }
  return Buffer.from(bytes)
    .toString('hex')
    .toUpperCase()
    .replace(/(.)\1{2,}/g, (run) => `${countOf(run.length)}${run[0]}`);
}

function countOf(length: number): string {
  let left = length;
  let written = '';
  for (; left > 400; left -= 400) written += 'z';
  const twenties = Math.floor(left / 20);
  if (twenties > 0) written += String.fromCharCode('f'.charCodeAt(0) + twenties);
  const ones = left % 20;
  return ones > 0 ? written + String.fromCharCode('F'.charCodeAt(0) + ones) : written;
}
