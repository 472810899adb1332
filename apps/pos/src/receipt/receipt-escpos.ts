import CodepageEncoder, { type Codepage } from '@point-of-sale/codepage-encoder';
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import { printable } from './receipt-text.ts';
import type { Row } from './receipt.ts';

/** Letters of its ordinary font that fit on a roll. */
export const columnsOf = { ESCPOS_58: 32, ESCPOS_80: 48 } as const;

/** Latin, €, Greek and Cyrillic, as receipt printers have them; the first that has a letter is chosen. */
export const codepages: Codepage[] = [
  ...(['cp437', 'cp858', 'cp852', 'cp857', 'windows1257', 'cp737', 'cp866'] as const),
  ...(['windows1250', 'windows1251', 'windows1252', 'windows1253', 'windows1254'] as const),
];
const letters = new Set(codepages.flatMap((page) => CodepageEncoder.getCodepoints(page, true)));
const has = (codePoint: number): boolean => letters.has(codePoint);

/** What a roll printer is sent: text in its code pages, then a cut. */
export function escposOf(rows: readonly Row[], format: keyof typeof columnsOf): Uint8Array {
  const columns = columnsOf[format];
  const encoder = new ReceiptPrinterEncoder({
    ...{ language: 'esc-pos', columns, codepageMapping: 'epson', codepageCandidates: codepages },
  });
  encoder.initialize().codepage('auto');
  for (const row of rows) add(encoder, row, columns);
  return encoder.newline(4).cut('partial').encode();
}

const text = (value: string): string => printable(value, has);

function add(encoder: ReceiptPrinterEncoder, row: Row, columns: number): void {
  switch (row.kind) {
    case 'TITLE':
      encoder.align('center').bold(true).line(text(row.text)).bold(false).align('left');
      return;
    case 'CENTRE':
      encoder.align('center').line(text(row.text)).align('left');
      return;
    case 'TEXT':
      encoder.line(text(row.text));
      return;
    case 'DETAIL':
      table(encoder, [2, columns - 2], ['', text(row.text)]);
      return;
    case 'PAIR':
    case 'TOTAL': {
      // An amount is never broken: what stands left of it gives way.
      const right = text(row.right);
      const width = Math.min(right.length, columns - 8);
      encoder.bold(row.kind === 'TOTAL');
      table(encoder, [columns - width - 1, width], [text(row.left), right]);
      encoder.bold(false);
      return;
    }
    case 'RULE':
      encoder.rule();
  }
}

function table(encoder: ReceiptPrinterEncoder, widths: [number, number], cells: string[]): void {
  const [left, right] = widths;
  const gap = Number(left > 2);
  encoder.table(
    [
      { width: left, align: 'left' },
      { width: right, align: gap === 1 ? 'right' : 'left', marginLeft: gap },
    ],
    [cells],
  );
}
