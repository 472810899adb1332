import type { Database, Tx } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import type { Money } from '@onecount/money';
import {
  checkIdentifier,
  checkKey,
  checkText,
  firstOf,
  isRefusal,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import { idOf } from '../../kernel/input.ts';
import { checkLocation } from '../../kernel/location/named-location.steps.ts';
import type { MovementDocument } from '../../kernel/movement/movement.sql.ts';
import { lastWord, receiveLines } from './receive-lines.steps.ts';
import { checkSize, receiptSize } from './receipt-size.ts';
import type { ReceiptLine, UnitInput } from './receipt.ts';
import { selectPlaces } from './receipt.sql.ts';
import { documentOnce, duplicateOf, receiveAsDocument } from './stock-receipt-receive.steps.ts';

export type StockReceiveInput = {
  locationId?: string | null;
  locationCode?: string | null;
  lines: {
    sku: string;
    quantity?: number | null;
    units?: UnitInput[] | null;
    unitCost?: Money | null;
  }[];
  supplier?: string | null;
  reference?: string | null;
  note?: string | null;
  idempotencyKey: string;
};
export type OpeningStockReceiveInput = {
  idempotencyKey: string;
  lines: {
    sku: string;
    locationCode: string;
    quantity?: number | null;
    serials?: UnitInput[] | null;
    unitCost?: Money | null;
  }[];
};
export type ReceiptService = ReturnType<typeof createReceiptService>;

type Receipt = {
  operation: string;
  input: { idempotencyKey: string };
  lines: ReceiptLine[];
  document: MovementDocument;
  /** Given: the goods come as a delivery of this supplier, under a document of their own. */
  delivery?: { supplier: string; documentNumber: string | null; locationId: string };
};

export function createReceiptService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;

  async function receive(caller: Caller, receipt: Receipt) {
    const { operation, input, lines, document, delivery } = receipt;
    const run = async (tx: Tx) => {
      const received = delivery
        ? await receiveAsDocument(tx, lines, { ...document, ...delivery })
        : await receiveLines(tx, lines, document);
      return isRefusal(received)
        ? received
        : { __typename: 'StockReceiveSuccess' as const, lines: received.lines };
    };
    const constraints = {
      ...lastWord(lines),
      ...(delivery && { [documentOnce]: () => duplicateOf(db, caller, delivery) }),
    };
    const afterCommit = [wakeRelays, onChange];
    return db.command(caller, { operation, input, constraints, afterCommit }, run);
  }

  return {
    async receive(caller: Caller, input: StockReceiveInput) {
      const problem = checkReceive(input);
      if (problem) return problem;
      const place = input.locationId ? idOf(input.locationId) : input.locationCode!;
      const [location] = await db.read(caller.tenantId, (tx) => selectPlaces(tx, [place]));
      if (!location) return notFound('Location', place);
      const { supplier, reference = null } = input;
      return receive(caller, {
        operation: 'stockReceive',
        input,
        lines: input.lines.map((line) => ({ ...line, place })),
        ...(supplier && {
          delivery: { supplier, documentNumber: reference, locationId: location.id },
        }),
        document: {
          reason: 'RECEIPT',
          referenceKind: reference ? 'RECEIPT' : null,
          referenceId: reference,
          note: input.note ?? null,
          actor: caller.subject,
        },
      });
    },

    async receiveOpening(caller: Caller, input: OpeningStockReceiveInput) {
      const problem = firstOf(
        checkKey(input.idempotencyKey),
        checkSize(
          input.lines.map(({ serials: units, quantity }) => ({ units, quantity })),
          { linesMax: 5_000, unitsMax: 5_000 },
        ),
      );
      if (problem) return problem;
      return receive(caller, {
        operation: 'openingStockReceive',
        input,
        lines: input.lines.map(({ locationCode, serials, ...line }) => ({
          ...line,
          place: locationCode,
          units: serials,
        })),
        document: {
          reason: 'OPENING',
          referenceKind: null,
          referenceId: null,
          note: null,
          actor: caller.subject,
        },
      });
    },
  };
}

function checkReceive(input: StockReceiveInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkLocation(input),
    checkSize(input.lines, receiptSize),
    // The number of a document identifies it; alone it is a reference in words, as it always was.
    input.supplier
      ? checkIdentifier('reference', input.reference)
      : checkText('reference', input.reference, { max: 255 }),
    checkText('supplier', input.supplier, { min: 1, max: 255 }),
    checkText('note', input.note, { max: 1_000 }),
  );
}
