import { uuidv7, type Database, type Tx } from '@onecount/db';
import { moneyOf, type Money } from '@onecount/money';
import { isRefusal, isSameIdentifier, notFound } from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import { idOf } from '../../kernel/input.ts';
import type { MovementDocument } from '../../kernel/movement/movement.sql.ts';
import { selectSettings } from '../../kernel/setting/setting.sql.ts';
import { receiveLines, type ReceivedLine } from './receive-lines.steps.ts';
import type { ReceiptLine, UnitInput } from './receipt.ts';
import { duplicateDocument, overReceipt, stockReceiptNotInStatus } from './stock-receipt.errors.ts';
import {
  addReceived,
  insertStockReceipt,
  insertStockReceiptLines,
  lockStockReceipt,
  selectByDocument,
  selectStockReceiptLines,
  setStockReceiptStatus,
} from './stock-receipt.sql.ts';
import {
  openStatuses,
  overrunOf,
  statusAfter,
  totalsByItem,
  type StockReceiptLineRow,
  type StockReceiptStatus,
} from './stock-receipt.ts';

// Goods that come in under a document.

export type StockReceiptReceiveInput = {
  stockReceiptId: string;
  lines: {
    sku: string;
    quantity?: number | null;
    units?: UnitInput[] | null;
    unitCost?: Money | null;
  }[];
  note?: string | null;
  idempotencyKey: string;
};
/** Ids only: the answer is stored under its key and must survive JSON. */
export type StockReceiptChanged = { stockReceiptId: string };
export type StockReceiptReceived = StockReceiptChanged & { lines: ReceivedLine[] };
/** What came of an announced delivery: all lines or none, within the tenant's rule of over-receipt. */
export async function receiveOn(tx: Tx, caller: Caller, input: StockReceiptReceiveInput) {
  const receipt = await lockOpen(tx, input.stockReceiptId, openStatuses);
  if (isRefusal(receipt)) return receipt;
  const lines = await selectStockReceiptLines(tx, [receipt.id]);
  const { overReceiptPercent } = await selectSettings(tx);
  const asked = input.lines.map((line) => withCost(line, { lines, place: receipt.locationId }));
  const received = await receiveLines(tx, asked, {
    reason: 'RECEIPT',
    referenceKind: 'RECEIPT',
    referenceId: receipt.id,
    note: input.note ?? null,
    actor: caller.subject,
    check(planned) {
      const overrun = overrunOf(totalsByItem(planned), lines, overReceiptPercent);
      return overrun && overReceipt(overrun);
    },
  });
  if (isRefusal(received)) return received;
  await addReceived(tx, receipt.id, totalsByItem(received.lines));
  const status = statusAfter(await selectStockReceiptLines(tx, [receipt.id]));
  await setStockReceiptStatus(tx, receipt.id, { status, actor: caller.subject, note: null });
  return {
    __typename: 'StockReceiptReceiveSuccess' as const,
    stockReceiptId: receipt.id,
    lines: received.lines,
  };
}

// The price on the line that came, else the one that was announced.
function withCost(
  line: StockReceiptReceiveInput['lines'][number],
  { lines, place }: { lines: readonly StockReceiptLineRow[]; place: string },
) {
  const announced = lines.find(({ sku }) => isSameIdentifier(sku, line.sku));
  const { unitCostMinor: amountMinor = null, unitCostCurrency: currencyCode = null } =
    announced ?? {};
  const unitCost =
    line.unitCost ??
    (amountMinor === null || currencyCode === null ? null : moneyOf({ amountMinor, currencyCode }));
  return { ...line, place, unitCost };
}

type Delivery = { supplier: string; documentNumber: string | null; locationId: string };

/** Goods that nobody announced: received, and their document closed, in one step. */
export async function receiveAsDocument(
  tx: Tx,
  lines: readonly ReceiptLine[],
  delivery: Delivery & MovementDocument,
) {
  const { supplier, documentNumber, locationId, ...document } = delivery;
  const { actor, note } = document;
  const id = uuidv7();
  const status = 'CLOSED' as const;
  await insertStockReceipt(tx, { id, status, supplier, documentNumber, locationId, note, actor });
  const reference = { referenceKind: 'RECEIPT', referenceId: id };
  const received = await receiveLines(tx, lines, { ...document, ...reference });
  if (isRefusal(received)) return received;
  // The prices are in the ledger, line by line.
  const cost = { unitCostMinor: null, unitCostCurrency: null };
  const totals = totalsByItem(received.lines).map(({ stockItemId, quantity }) => ({
    stockItemId,
    expected: quantity,
    received: quantity,
    ...cost,
  }));
  await insertStockReceiptLines(tx, id, totals);
  return received;
}

/** The receipt, locked, if it is in one of these statuses. */
export async function lockOpen(tx: Tx, id: string, from: readonly StockReceiptStatus[]) {
  const receipt = await lockStockReceipt(tx, idOf(id));
  if (!receipt) return notFound('StockReceipt', id);
  return from.includes(receipt.status) ? receipt : stockReceiptNotInStatus(receipt.status, from);
}

/** The constraint that a document is entered once. */
export const documentOnce = 'stock_receipt_document';

/** The refusal for a document that was entered before, with the id of that one. */
export async function duplicateOf(
  db: Database,
  caller: Caller,
  document: { supplier: string; documentNumber?: string | null },
) {
  const { supplier, documentNumber } = document;
  const named = { supplier, documentNumber: documentNumber ?? '' };
  const stockReceiptId = await db.read(caller.tenantId, (tx) => selectByDocument(tx, named));
  return duplicateDocument({ ...named, stockReceiptId });
}
