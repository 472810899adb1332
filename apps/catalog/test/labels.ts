import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pngOf, type Bitmap } from '../src/label/label-bitmap.ts';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

// Reads labels back by other programs than wrote them: barcodes by ZXing, PDF by pdf.js, ZPL by the manual.

export { readPdf } from '@onecount/testing';

const require = createRequire(join(import.meta.dirname, 'labels.ts'));
const wasmBinary = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
const { buffer, byteOffset, byteLength } = wasmBinary;
prepareZXingModule({
  overrides: { wasmBinary: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer },
});

/** The codes that a scanner finds in a picture. */
export async function scanned(png: Uint8Array): Promise<{ format: string; text: string }[]> {
  const found = await readBarcodes(png, { tryHarder: true, maxNumberOfSymbols: 50 });
  return found.map(({ format, text }) => ({ format, text }));
}

/** What a printer draws of `^GF` with ASCII data, and how often. */
export function zplLabels(zpl: string): { bitmap: Bitmap; copies: number }[] {
  const form = /\^XA\^PW(\d+)\^LL(\d+)\^FO0,0\^GFA,(\d+),\3,(\d+),([^^]*)\^FS\^PQ(\d+)\^XZ\n/g;
  return [...zpl.matchAll(form)].map(([, width, height, bytes, rowBytes, field, copies]) => {
    const hex = unpacked(field!);
    expect(hex.length).toBe(2 * Number(bytes));
    const size = { width: Number(width), height: Number(height) };
    return { bitmap: bitmapOf(hex, Number(rowBytes), size), copies: Number(copies) };
  });
}

// G–Y repeat what follows 1–19 times, g–z 20–400 times; they add up.
const unpacked = (field: string): string =>
  field.replaceAll(/([G-Yg-z]+)([0-9A-F])/g, (_, counts: string, digit: string) => {
    const count = [...counts].reduce((sum, letter) => {
      const code = letter.charCodeAt(0);
      return sum + (code < 97 ? code - 70 : (code - 102) * 20);
    }, 0);
    return digit.repeat(count);
  });

function bitmapOf(hex: string, rowBytes: number, size: { width: number; height: number }): Bitmap {
  const bytes = Buffer.from(hex, 'hex');
  const dots = new Uint8Array(size.width * size.height).map((_, index) => {
    const [x, y] = [index % size.width, Math.floor(index / size.width)];
    const isBlack = (bytes[y * rowBytes + (x >> 3)]! & (0x80 >> (x & 7))) !== 0;
    return isBlack ? 0 : 255;
  });
  return { ...size, dots };
}

export const scannedBitmap = async (bitmap: Bitmap) => scanned(await pngOf(bitmap));
