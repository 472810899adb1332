import {
  idempotent,
  refusalFromConstraint,
  uuidv7,
  type Database,
  type Refusal,
  type Tx,
} from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import { minorMoneyOf, type Money } from '@onecount/money';
import type { Caller } from '../caller.ts';
import { checkKey, checkText, checkWhole, firstOf, idOf } from '../input.ts';
import { lockLevels } from '../level/level.sql.ts';
import {
  recordMovements,
  type MovementDocument,
  type NewMovement,
} from '../movement/movement.sql.ts';
import { invalidInput, notFound } from '../stock.errors.ts';
import { traceparent } from '../trace.ts';
import { stockReceiveRefused } from './receipt.errors.ts';
import {
  lineRefusals,
  onHandMax,
  overflowRefusal,
  quantityOf,
  type Known,
  type ReceiptLine,
  type UnitInput,
} from './receipt.ts';
import {
  insertUnits,
  lockItemsBySku,
  publishUnits,
  selectPlaces,
  selectTakenNames,
  type NewUnit,
} from './receipt.sql.ts';

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
/** Ids only: the answer is stored under its key and must survive JSON. */
export type ReceivedLine = {
  stockItemId: string;
  locationId: string;
  quantity: number;
  unitIds: string[];
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

async function receiveLines(
  tx: Tx,
  lines: ReceiptLine[],
  document: MovementDocument,
): Promise<{ lines: ReceivedLine[] } | Refusal> {
  const known = await knownOf(tx, lines);
  const refusals = lineRefusals(lines, known);
  if (refusals.length > 0) return stockReceiveRefused(refusals);
  const received = lines.map((line) => planned(line, known));
  await lockLevels(tx, received);
  const units = received.flatMap((line) => line.units);
  await insertUnits(tx, units);
  const trace = traceparent();
  await recordMovements(tx, received.flatMap(movementsOf), { ...document, traceparent: trace });
  const unitIds = units.map(({ id }) => id);
  await publishUnits(tx, unitIds, trace);
  return {
    lines: received.map(({ stockItemId, locationId, quantity, units: own }) => ({
      stockItemId,
      locationId,
      quantity,
      unitIds: own.map(({ id }) => id),
    })),
  };
}

async function knownOf(tx: Tx, lines: readonly ReceiptLine[]): Promise<Known> {
  const items = await lockItemsBySku(tx, [...new Set(lines.map(({ sku }) => sku))]);
  const places = await selectPlaces(tx, [...new Set(lines.map(({ place }) => place))]);
  const taken = await selectTakenNames(
    tx,
    lines.flatMap(({ units }) => units ?? []),
  );
  const namesOf = (kind: string) =>
    new Set(taken.filter((each) => each.kind === kind).map(({ name }) => name));
  return {
    itemBySku: new Map(items.map((item) => [item.sku, item])),
    locationByPlace: new Map(
      places.flatMap((place) => [
        [place.code, place],
        [place.id, place],
      ]),
    ),
    serials: namesOf('SERIAL'),
    stockNumbers: namesOf('NUMBER'),
    codes: namesOf('CODE'),
  };
}

function planned(line: ReceiptLine, known: Known) {
  const stockItemId = known.itemBySku.get(line.sku)!.id;
  const locationId = known.locationByPlace.get(line.place)!.id;
  const cost = line.unitCost ? minorMoneyOf(line.unitCost) : null;
  const units = (line.units ?? []).map((unit) => newUnit(unit, { stockItemId, locationId }));
  return { stockItemId, locationId, quantity: quantityOf(line), units, cost };
}

function newUnit(unit: UnitInput, at: { stockItemId: string; locationId: string }): NewUnit {
  return {
    id: uuidv7(),
    ...at,
    serial: unit.serial ?? null,
    stockNumber: unit.stockNumber ?? null,
    certificate: unit.certificate ? withoutNulls(unit.certificate) : null,
    attributes: unit.attributes ?? [],
    photos: unit.photos ?? [],
    codes: unit.codes ?? [],
  };
}

function withoutNulls(facts: object): object {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== null && value !== undefined),
  );
}

// One row per unit, so that the ledger says which unit came and went.
function movementsOf(line: ReturnType<typeof planned>): NewMovement[] {
  const { stockItemId, locationId, cost } = line;
  const moved = line.units.length > 0 ? line.units.map(({ id }) => id) : [null];
  return moved.map((serialUnitId) => ({
    stockItemId,
    locationId,
    serialUnitId,
    quantity: serialUnitId ? 1 : line.quantity,
    unitCostMinor: cost?.amountMinor ?? null,
    unitCostCurrency: cost?.currencyCode ?? null,
  }));
}

// What a concurrent receipt took between our look and our insert.
function lastWord(lines: readonly ReceiptLine[]): Record<string, () => Refusal> {
  const { sku } = lines[0]!;
  const taken = (code: string, message: string) => () =>
    stockReceiveRefused([{ index: 0, sku, code, message, value: null }]);
  return {
    serial_unit_serial_unique: taken('DUPLICATE_SERIAL', 'A serial was received just now.'),
    serial_unit_stock_number_unique: taken(
      'DUPLICATE_STOCK_NUMBER',
      'A stock number was given just now; a number is never used again.',
    ),
    stock_code_pkey: taken('DUPLICATE_CODE', 'A code was given just now.'),
    level_on_hand_max: () => stockReceiveRefused([overflowRefusal(lines)]),
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
