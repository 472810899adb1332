import { escposOf } from './receipt-escpos.ts';
import { htmlOf } from './receipt-html.ts';
import { receiptRows } from './receipt-layout.ts';
import { pdfOf } from './receipt-pdf.ts';
import type { Receipt, ReceiptFormat, Row } from './receipt.ts';

/** The document of a receipt, piece by piece. */
export function receiptFile(receipt: Receipt, format: ReceiptFormat) {
  const { sale, shop } = receipt;
  const head = { number: sale.receiptNumber ?? '', locale: shop?.locale ?? 'en' };
  const createdAt = new Date(sale.committedAt ?? 0);
  return documentFile({ rows: receiptRows(receipt), ...head, createdAt }, format);
}

export type Document = { rows: Row[]; number: string; locale: string; createdAt: Date };

/** Rows as a file of any format, piece by piece. */
export async function* documentFile(
  { rows, number, locale, createdAt }: Document,
  format: ReceiptFormat,
): AsyncGenerator<string | Uint8Array> {
  switch (format) {
    case 'HTML':
      yield htmlOf(rows, { number, locale });
      return;
    case 'PDF':
      yield* pdfOf(rows, { title: number, createdAt });
      return;
    case 'ESCPOS_58':
    case 'ESCPOS_80':
      yield escposOf(rows, format);
  }
}
