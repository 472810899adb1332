import { escposOf } from './receipt-escpos.ts';
import { htmlOf } from './receipt-html.ts';
import { receiptRows } from './receipt-layout.ts';
import { pdfOf } from './receipt-pdf.ts';
import type { Receipt, ReceiptFormat } from './receipt.ts';

/** The document of a receipt, piece by piece. */
export async function* receiptFile(
  receipt: Receipt,
  format: ReceiptFormat,
): AsyncGenerator<string | Uint8Array> {
  const rows = receiptRows(receipt);
  const number = receipt.sale.receiptNumber ?? '';
  switch (format) {
    case 'HTML':
      yield htmlOf(rows, { number, locale: receipt.shop?.locale ?? 'en' });
      return;
    case 'PDF':
      yield* pdfOf(rows, { title: number, createdAt: new Date(receipt.sale.committedAt ?? 0) });
      return;
    case 'ESCPOS_58':
    case 'ESCPOS_80':
      yield escposOf(rows, format);
  }
}
