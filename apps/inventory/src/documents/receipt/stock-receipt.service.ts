import { uuidv7, type Database, type Tx } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import { minorMoneyOf } from '@onecount/money';
import {
  checkId,
  checkIdentifier,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  isRefusal,
  isUuid,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import {
  checkLocation,
  namedLocation,
  type NamedLocation,
} from '../../kernel/location/named-location.steps.ts';
import { knownOf, lastWord } from './receive-lines.steps.ts';
import { checkSize, receiptSize } from './receipt-size.ts';
import { stockReceiveRefused } from './receipt.errors.ts';
import {
  documentOnce,
  duplicateOf,
  lockOpen,
  receiveOn,
  type StockReceiptReceiveInput,
} from './stock-receipt-receive.steps.ts';
import {
  insertStockReceipt,
  insertStockReceiptLines,
  selectStockReceiptPage,
  selectStockReceipts,
  setStockReceiptStatus,
} from './stock-receipt.sql.ts';
import {
  expectedRefusals,
  openStatuses,
  type ExpectedLine,
  type StockReceiptRow,
  type StockReceiptStatus,
} from './stock-receipt.ts';

export type StockReceiptCreateInput = NamedLocation & {
  supplier: string;
  documentNumber?: string | null;
  lines: ExpectedLine[];
  note?: string | null;
  idempotencyKey: string;
};
export type StockReceiptEndInput = {
  stockReceiptId: string;
  note?: string | null;
  idempotencyKey: string;
};
export type StockReceiptService = ReturnType<typeof createStockReceiptService>;

const expectedLinesMax = 500;

/** Deliveries as documents: announced, received in parts under the tenant's rule, closed with their differences. */
export function createStockReceiptService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;

  const afterCommit = [wakeRelays, onChange];

  const end =
    (operation: string, status: 'CLOSED' | 'CANCELLED', from: readonly StockReceiptStatus[]) =>
    async (caller: Caller, input: StockReceiptEndInput) => {
      const problem = checkEnd(input);
      if (problem) return problem;
      return db.command(caller, { operation, input, afterCommit }, (tx) =>
        endReceipt(tx, caller, { input, status, from }),
      );
    };

  return {
    async create(caller: Caller, input: StockReceiptCreateInput) {
      const problem = checkCreate(input);
      if (problem) return problem;
      const constraints = { [documentOnce]: () => duplicateOf(db, caller, input) };
      const command = { operation: 'stockReceiptCreate', input, constraints, afterCommit };
      return db.command(caller, command, (tx) => createReceipt(tx, caller, input));
    },

    async receive(caller: Caller, input: StockReceiptReceiveInput) {
      const problem = firstOf(checkEnd(input), checkSize(input.lines, receiptSize));
      if (problem) return problem;
      const constraints = lastWord(input.lines);
      const command = { operation: 'stockReceiptReceive', input, constraints, afterCommit };
      return db.command(caller, command, (tx) => receiveOn(tx, caller, input));
    },

    close: end('stockReceiptClose', 'CLOSED', openStatuses),
    /** Only what never came: anything else is in the ledger. */
    cancel: end('stockReceiptCancel', 'CANCELLED', ['EXPECTED']),

    find: async (caller: Caller, id: string): Promise<StockReceiptRow | null> => {
      if (!isUuid(id)) return null;
      const [row] = await db.read(caller.tenantId, (tx) => selectStockReceipts(tx, [id]));
      return row ?? null;
    },
    page: (caller: Caller, page: Parameters<typeof selectStockReceiptPage>[1]) =>
      db.read(caller.tenantId, (tx) => selectStockReceiptPage(tx, page)),
  };
}

async function createReceipt(tx: Tx, caller: Caller, input: StockReceiptCreateInput) {
  const location = await namedLocation(tx, input);
  if (isRefusal(location)) return location;
  const known = await knownOf(
    tx,
    input.lines.map(({ sku }) => ({ sku, place: location.id })),
  );
  const refusals = expectedRefusals(input.lines, known);
  if (refusals.length > 0) return stockReceiveRefused(refusals);
  const id = uuidv7();
  await insertStockReceipt(tx, {
    id,
    status: 'EXPECTED',
    supplier: input.supplier,
    documentNumber: input.documentNumber ?? null,
    locationId: location.id,
    note: input.note ?? null,
    actor: caller.subject,
  });
  const lines = input.lines.map(({ sku, quantity, unitCost }) => {
    const cost = unitCost ? minorMoneyOf(unitCost) : null;
    return {
      stockItemId: known.itemBySku.get(sku)!.id,
      expected: quantity,
      received: 0,
      unitCostMinor: cost?.amountMinor ?? null,
      unitCostCurrency: cost?.currencyCode ?? null,
    };
  });
  await insertStockReceiptLines(tx, id, lines);
  return { __typename: 'StockReceiptCreateSuccess' as const, stockReceiptId: id };
}

async function endReceipt(
  tx: Tx,
  caller: Caller,
  asked: {
    input: StockReceiptEndInput;
    status: 'CLOSED' | 'CANCELLED';
    from: readonly StockReceiptStatus[];
  },
) {
  const { input, status, from } = asked;
  const receipt = await lockOpen(tx, input.stockReceiptId, from);
  if (isRefusal(receipt)) return receipt;
  const note = input.note ?? null;
  await setStockReceiptStatus(tx, receipt.id, { status, actor: caller.subject, note });
  return { __typename: 'StockReceiptEndSuccess' as const, stockReceiptId: receipt.id };
}

function checkCreate(input: StockReceiptCreateInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkText('supplier', input.supplier, { min: 1, max: 255 }),
    checkIdentifier('documentNumber', input.documentNumber),
    checkLocation(input),
    checkWhole('lines', input.lines.length, { min: 1, max: expectedLinesMax }),
    ...input.lines.map(({ sku }, index) =>
      checkText(`lines.${index}.sku`, sku, { min: 1, max: 255 }),
    ),
    checkText('note', input.note, { max: 1_000 }),
  );
}

function checkEnd(input: StockReceiptEndInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('stockReceiptId', input.stockReceiptId),
    checkText('note', input.note, { max: 1_000 }),
  );
}
