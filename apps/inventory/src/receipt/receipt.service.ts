import { idempotent, refusalFromConstraint, type Database, type Refusal } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import type { Money } from '@onecount/money';
import type { Caller } from '../caller.ts';
import { checkKey, checkText, checkWhole, firstOf, idOf } from '../input.ts';
import type { MovementDocument } from '../movement/movement.sql.ts';
import { invalidInput, notFound } from '../stock.errors.ts';
import { lastWord, receiveLines, type ReceivedLine } from './receive-lines.ts';
import { onHandMax, type ReceiptLine, type UnitInput } from './receipt.ts';
import { selectPlaces } from './receipt.sql.ts';

export type StockReceiveInput = {
  locationId?: string | null;
  locationCode?: string | null;
  lines: {
    sku: string;
    quantity?: number | null;
    units?: UnitInput[] | null;
    unitCost?: Money | null;
  }[];
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
  key: string;
  input: unknown;
  lines: ReceiptLine[];
  document: MovementDocument;
};

export function createReceiptService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;

  async function receive(
    caller: Caller,
    receipt: Receipt,
  ): Promise<{ lines: ReceivedLine[] } | Refusal> {
    const { operation, key, input, lines, document } = receipt;
    try {
      return await db.inTransaction(caller.tenantId, (tx) => {
        tx.afterCommit(wakeRelays);
        tx.afterCommit(onChange);
        return idempotent(tx, { operation, key, input }, () => receiveLines(tx, lines, document));
      });
    } catch (err) {
      return refusalFromConstraint<Refusal>(err, lastWord(lines));
    }
  }

  return {
    async receive(
      caller: Caller,
      input: StockReceiveInput,
    ): Promise<{ lines: ReceivedLine[] } | Refusal> {
      const problem = checkReceive(input);
      if (problem) return problem;
      const place = input.locationId ? idOf(input.locationId) : input.locationCode!;
      const isKnown = await db.read(caller.tenantId, (tx) => selectPlaces(tx, [place]));
      if (isKnown.length === 0) return notFound('Location', place);
      return receive(caller, {
        operation: 'stockReceive',
        key: input.idempotencyKey,
        input,
        lines: input.lines.map((line) => ({ ...line, place })),
        document: {
          reason: 'RECEIPT',
          referenceKind: input.reference ? 'RECEIPT' : null,
          referenceId: input.reference ?? null,
          note: input.note ?? null,
          actor: caller.subject,
        },
      });
    },

    async receiveOpening(
      caller: Caller,
      input: OpeningStockReceiveInput,
    ): Promise<{ lines: ReceivedLine[] } | Refusal> {
      const problem = firstOf(
        checkKey(input.idempotencyKey),
        checkSize(input.lines, { linesMax: 5_000, unitsMax: 5_000 }),
      );
      if (problem) return problem;
      return receive(caller, {
        operation: 'openingStockReceive',
        key: input.idempotencyKey,
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

function checkReceive(input: StockReceiveInput): Refusal | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    Boolean(input.locationId) === Boolean(input.locationCode)
      ? invalidInput('locationId', 'Give locationId or locationCode.')
      : undefined,
    checkSize(
      input.lines.map(({ units, quantity }) => ({ serials: units, quantity })),
      { linesMax: 500, unitsMax: 1_000 },
    ),
    checkText('reference', input.reference, { max: 255 }),
    checkText('note', input.note, { max: 1_000 }),
  );
}

function checkSize(
  lines: readonly { serials?: UnitInput[] | null; quantity?: number | null }[],
  { linesMax, unitsMax }: { linesMax: number; unitsMax: number },
): Refusal | undefined {
  const units = lines.reduce((sum, { serials }) => sum + (serials?.length ?? 0), 0);
  const quantity = lines.reduce((sum, line) => sum + Math.abs(line.quantity ?? 0), 0);
  return firstOf(
    checkWhole('lines', lines.length, { min: 1, max: linesMax }),
    units > unitsMax
      ? invalidInput('lines', `At most ${unitsMax} units are received at once.`, units)
      : undefined,
    quantity > onHandMax
      ? invalidInput('lines', `At most ${onHandMax} pieces are received at once.`, quantity)
      : undefined,
  );
}
