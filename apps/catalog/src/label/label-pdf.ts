import { setImmediate } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import type { Drawing } from './label-drawing.ts';
import { fontFile } from './label-font.ts';
import type { LabelSpec, Sheet } from './label.ts';

const points = (mm: number): number => (mm * 72) / 25.4;

/** Sheets, from the cell `skip` on, so that a begun sheet is used up; or one label a page. */
export async function* pdfOf(
  spec: LabelSpec,
  labels: Iterable<Drawing>,
  { skip, createdAt }: { skip: number; createdAt: Date },
): AsyncGenerator<Uint8Array> {
  const { sheet, widthMm, heightMm } = spec;
  const size = sheet ? [sheet.pageWidthMm, sheet.pageHeightMm] : [widthMm, heightMm];
  const document = new PDFDocument({
    ...{ autoFirstPage: false, margin: 0, size: size.map(points) as [number, number] },
    ...{ font: fontFile, info: { Title: spec.name, CreationDate: createdAt } },
  });
  paintAll(document, labels, { sheet, skip }).then(
    () => document.end(),
    (err: Error) => (document as unknown as NodeJS.ReadStream).destroy(err),
  );
  for await (const piece of document) yield piece as Uint8Array;
}

async function paintAll(
  document: PDFKit.PDFDocument,
  labels: Iterable<Drawing>,
  { sheet, skip }: { sheet: Sheet | null; skip: number },
): Promise<void> {
  const cells = sheet ? sheet.columns * sheet.rows : 1;
  let cell = skip % cells;
  let isBegun = false;
  for (const label of labels) {
    if (!isBegun || cell === 0) document.addPage();
    isBegun = true;
    document.save();
    if (sheet) document.translate(...placeOf(sheet, cell));
    paint(document, label);
    document.restore();
    cell = (cell + 1) % cells;
    // Other requests have their turn between two labels.
    await setImmediate();
  }
}

function placeOf(sheet: Sheet, cell: number): [number, number] {
  const column = cell % sheet.columns;
  const row = Math.floor(cell / sheet.columns);
  const x = sheet.marginLeftMm + column * sheet.pitchXMm;
  return [points(x), points(sheet.marginTopMm + row * sheet.pitchYMm)];
}

function paint(document: PDFKit.PDFDocument, { words, bars }: Drawing): void {
  for (const { run, x, top, size } of words) {
    // With features named, the library leaves a run whole: it would set words of Hebrew from left to right.
    const features = run.isRightToLeft ? { features: ['kern' as const] } : {};
    const options = { lineBreak: false, ...features };
    document.fontSize(points(size)).text(run.text, points(x), points(top), options);
  }
  for (const { x, y, width, height } of bars) {
    document.rect(points(x), points(y), points(width), points(height));
  }
  if (bars.length > 0) document.fill('black');
}
