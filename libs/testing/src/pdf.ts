import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A text of a PDF, and where it begins: points from the left and from the top. */
export type PdfText = { text: string; x: number; y: number; width: number };
export type PdfPage = { size: [number, number]; texts: PdfText[]; png: Buffer };
type Read = { str: string; width: number; transform: number[] };

export async function readPdf(bytes: Uint8Array): Promise<PdfPage[]> {
  const pages = JSON.parse(await pdfReader(bytes)) as {
    size: [number, number];
    items: Read[];
    png: string;
  }[];
  return pages.map(({ size, items, png }) => ({
    size,
    png: Buffer.from(png, 'base64'),
    texts: items
      .filter(({ str }) => str.trim() !== '')
      .map(({ str, width, transform: [, , , , x = 0, y = 0] }) => {
        return { text: str, width, x, y: size[1] - y };
      }),
  }));
}

async function pdfReader(bytes: Uint8Array): Promise<string> {
  const program = join(import.meta.dirname, 'pdf-reader.ts');
  const reading = run(process.execPath, [program], { maxBuffer: 64 * 1024 * 1024 });
  reading.child.stdin?.end(bytes);
  return (await reading).stdout;
}
