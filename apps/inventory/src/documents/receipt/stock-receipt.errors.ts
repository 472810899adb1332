import { refuse } from '@onecount/refusal';
import type { Overrun, StockReceiptStatus } from './stock-receipt.ts';

export function duplicateDocument(document: {
  supplier: string;
  documentNumber: string;
  stockReceiptId: string | null;
}) {
  const { supplier, documentNumber } = document;
  return refuse(
    'DuplicateDocument',
    'DUPLICATE_DOCUMENT',
    `Document ${documentNumber} of ${supplier} was entered before.`,
    document,
  );
}

export function overReceipt(overrun: Overrun) {
  const { sku, expected, received, requested, allowed } = overrun;
  return refuse(
    'OverReceipt',
    'OVER_RECEIPT',
    `${requested} of ${sku} came: ${expected} were expected, ${received} received before, ${allowed} more may come.`,
    overrun,
  );
}

export function stockReceiptNotInStatus(
  status: StockReceiptStatus,
  allowed: readonly StockReceiptStatus[],
) {
  return refuse(
    'StockReceiptNotInStatus',
    'STOCK_RECEIPT_NOT_IN_STATUS',
    `The receipt is ${status}; this needs ${allowed.join(' or ')}.`,
    { status, allowed: [...allowed] },
  );
}
