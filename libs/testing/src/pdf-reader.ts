import { buffer } from 'node:stream/consumers';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

// A program of its own, because pdf.js is an ES module that jest cannot load: a PDF comes in, its pages go out as JSON.

type Canvas = { toBuffer(type: 'image/png'): Buffer };
type Factory = { create(width: number, height: number): { canvas: Canvas; context: unknown } };

const dotsPerPoint = 300 / 72;
const data = new Uint8Array(await buffer(process.stdin));
const file = await getDocument({ data, verbosity: 0 }).promise;
const pages = [];
for (let number = 1; number <= file.numPages; number += 1) {
  const page = await file.getPage(number);
  const { items } = await page.getTextContent();
  const viewport = page.getViewport({ scale: dotsPerPoint });
  const size = [viewport.width, viewport.height].map(Math.round) as [number, number];
  const { canvas } = (file.canvasFactory as Factory).create(...size);
  await page.render({ canvas: canvas as never, viewport }).promise;
  const png = canvas.toBuffer('image/png').toString('base64');
  pages.push({ size: page.view.slice(2), items, png });
}
process.stdout.write(JSON.stringify(pages));
