import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openSync, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { printable } from './receipt-text.ts';
import type { Row } from './receipt.ts';

const { resolve } = createRequire(join(import.meta.dirname, 'receipt-pdf.ts'));
const regular = resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const bold = resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');
const font = openSync(regular) as Font;
const text = (value: string): string =>
  printable(value, (codePoint) => font.hasGlyphForCodePoint(codePoint));

const margin = 56;
const gap = 12;

/** On A5, as long as it takes. */
export async function* pdfOf(
  rows: readonly Row[],
  { title, createdAt }: { title: string; createdAt: Date },
): AsyncGenerator<Uint8Array> {
  const document = new PDFDocument({
    ...{ size: 'A5', margin, font: regular, info: { Title: title, CreationDate: createdAt } },
  });
  for (const row of rows) add(document, row);
  document.end();
  for await (const piece of document) yield piece as Uint8Array;
}

function add(document: PDFKit.PDFDocument, row: Row): void {
  document.font(regular).fontSize(9);
  switch (row.kind) {
    case 'TITLE':
      document.font(bold).fontSize(11).text(text(row.text), { align: 'center' });
      return;
    case 'CENTRE':
      document.text(text(row.text), { align: 'center' });
      return;
    case 'TEXT':
      document.text(text(row.text));
      return;
    case 'DETAIL':
      document.fontSize(8).text(text(row.text), { indent: gap });
      return;
    case 'TOTAL':
      document.font(bold).fontSize(11);
      return addPair(document, row);
    case 'PAIR':
      return addPair(document, row);
    case 'RULE':
      addRule(document);
  }
}

function addPair(document: PDFKit.PDFDocument, row: { left: string; right: string }): void {
  const [left, right] = [text(row.left), text(row.right)];
  const width = document.page.width - 2 * margin;
  const amountWidth = document.widthOfString(right) + 1;
  const leftWidth = Math.max(width - amountWidth - gap, width / 3);
  const height = document.heightOfString(left, { width: leftWidth });
  if (document.y + height > document.page.height - margin) document.addPage();
  const top = document.y;
  document.text(right, margin + width - amountWidth, top, { lineBreak: false });
  document.text(left, margin, top, { width: leftWidth });
  document.x = margin;
}

function addRule(document: PDFKit.PDFDocument): void {
  document.moveDown(0.4);
  const { y } = document;
  document
    .moveTo(margin, y)
    .lineTo(document.page.width - margin, y)
    .dash(2, { space: 2 })
    .stroke();
  document.undash().moveDown(0.4);
}
