import type { Tx } from '@onecount/db';
import { invalidInput } from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import { lockLevels } from '../../kernel/level/level.sql.ts';
import { recordMovements } from '../../kernel/movement/movement.sql.ts';
import { changeUnits, type UnitChange } from '../../kernel/serial-unit/unit-transition.sql.ts';
import { nameOf } from '../../kernel/stock.errors.ts';
import { sourceFacts } from './transfer-pack.steps.ts';
import { letGo, lockUnits } from './transfer-pack.sql.ts';
import { pickCodes, pickLines, type TransferLineInput } from './transfer-pick.steps.ts';
import { transferRefused } from './transfer.errors.ts';
import { lockItems, selectLines } from './transfer.sql.ts';
import { addArrived, markDispatched, setStatus } from './transfer-travel.sql.ts';
import {
  arrivalsOf,
  packingReasons,
  reasonOf,
  statusAfter,
  type Arrival,
  type Item,
  type Pick,
  type TransferLineRow,
  type TransferReason,
  type TransferRow,
} from './transfer.ts';

export type TransferReceiveInput = {
  transferId: string;
  lines?: readonly TransferLineInput[] | null;
  codes?: readonly string[] | null;
  isComplete?: boolean | null;
  idempotencyKey: string;
};

const documentOf = (transfer: TransferRow, actor: string, note: string | null = null) => ({
  reason: 'TRANSFER' as const,
  referenceKind: 'TRANSFER',
  referenceId: transfer.id,
  note,
  actor,
  traceparent: currentTraceparent(),
});

/**
 * The goods leave: holds go, the count drops at the source, units are in transit. The holds are let go
 * first and everything is decided anew, so that a line whose hold somebody released meanwhile still
 * leaves when its goods are there, and is refused when they are not.
 */
export async function dispatchTransfer(tx: Tx, transfer: TransferRow, actor: string) {
  const lines = await selectLines(tx, transfer.id);
  if (lines.length === 0)
    return invalidInput('transferId', 'The transfer has no lines to dispatch.', transfer.id);
  const items = await itemsOf(tx, lines);
  await lockLevels(tx, levelsOf(lines, [transfer.fromLocationId]));
  await letGo(tx, transfer.id, null);
  const picks = lines.map((line, index): Pick => ({
    index,
    item: items.get(line.stockItemId)!,
    unitId: line.serialUnitId,
    quantity: line.quantity,
  }));
  const reasons = packingReasons(picks, await sourceFacts(tx, transfer, picks));
  if (reasons.length > 0) return transferRefused(reasons);
  await move(tx, transfer, {
    arrivals: lines.map((line, index) => ({ line, quantity: line.quantity, index })),
    locationId: transfer.fromLocationId,
    sign: -1,
    actor,
  });
  await markDispatched(tx, transfer.id, actor);
  return undefined;
}

/** What arrived: named by line, scanned, or all that is still on its way. */
export async function receiveTransfer(
  tx: Tx,
  transfer: TransferRow,
  { input, actor }: { input: TransferReceiveInput; actor: string },
) {
  const lines = await selectLines(tx, transfer.id);
  const named = input.isComplete
    ? { arrivals: remaining(lines), reasons: [] }
    : await namedArrivals(tx, input, lines);
  if (named.reasons.length > 0) return transferRefused(named.reasons);
  const { arrivals } = named;
  const items = await itemsOf(
    tx,
    arrivals.map(({ line }) => line),
  );
  const reasons = await lockForArrival(tx, transfer, { arrivals, items });
  if (reasons.length > 0) return transferRefused(reasons);
  await move(tx, transfer, { arrivals, locationId: transfer.toLocationId, sign: 1, actor });
  await addArrived(tx, 'received', arrivals);
  await setStatus(tx, transfer.id, { status: statusAfter(lines, arrivals), actor });
  return undefined;
}

async function namedArrivals(
  tx: Tx,
  { lines, codes }: TransferReceiveInput,
  known: readonly TransferLineRow[],
): Promise<{ arrivals: Arrival[]; reasons: TransferReason[] }> {
  const byLine = await pickLines(tx, lines ?? []);
  const byCode = await pickCodes(tx, codes ?? []);
  // The codes are counted on behind the lines: one list of reasons, one index.
  const offset = lines?.length ?? 0;
  const shifted = <Each extends { index: number }>(each: Each) => ({
    ...each,
    index: each.index + offset,
  });
  const { arrivals, reasons } = arrivalsOf([...byLine.picks, ...byCode.picks.map(shifted)], known);
  const all = [...byLine.reasons, ...byCode.reasons.map(shifted), ...reasons];
  return { arrivals, reasons: all.sort((a, b) => a.index - b.index) };
}

export const remaining = (lines: readonly TransferLineRow[]): Arrival[] =>
  lines
    .map((line, index) => ({ line, quantity: line.inTransit, index }))
    .filter(({ quantity }) => quantity > 0);

/**
 * Locks levels of both ends, then the units: a unit on its way keeps its source as its place, and whoever
 * changes its status by hand holds the lock of that level. Answers the units that are not on their way.
 */
export async function lockForArrival(
  tx: Tx,
  transfer: TransferRow,
  { arrivals, items }: { arrivals: readonly Arrival[]; items: ReadonlyMap<string, Item> },
): Promise<TransferReason[]> {
  const ends = [transfer.fromLocationId, transfer.toLocationId];
  await lockLevels(
    tx,
    levelsOf(
      arrivals.map(({ line }) => line),
      ends,
    ),
  );
  const units = await lockUnits(
    tx,
    arrivals.flatMap(({ line }) => line.serialUnitId ?? []),
  );
  return arrivals.flatMap(({ line, index }) => {
    const unit = line.serialUnitId ? units.get(line.serialUnitId) : undefined;
    if (!unit || unit.status === 'IN_TRANSIT') return [];
    const item = items.get(line.stockItemId)!;
    const name = nameOf({ ...item, serial: unit.serial, stockNumber: unit.stockNumber });
    const words = unit.status.toLowerCase().replaceAll('_', ' ');
    return reasonOf(
      { index, item },
      {
        code: 'UNIT_NOT_IN_TRANSIT',
        message: `${name} is not on its way: it is ${words}.`,
        value: unit.serial ?? unit.stockNumber,
      },
    );
  });
}

type Move = {
  arrivals: readonly Arrival[];
  locationId: string;
  /** −1 leaves, +1 comes. */
  sign: 1 | -1;
  actor: string;
  note?: string | null;
};

/** One ledger row per line at one location, and the units with them; the levels are locked. */
export async function move(
  tx: Tx,
  transfer: TransferRow,
  { arrivals, locationId, sign, actor, note = null }: Move,
): Promise<void> {
  const document = documentOf(transfer, actor, note);
  if (arrivals.length === 0) return;
  await recordMovements(
    tx,
    arrivals.map(({ line, quantity }) => ({
      stockItemId: line.stockItemId,
      locationId,
      serialUnitId: line.serialUnitId,
      quantity: sign * quantity,
      unitCostMinor: null,
      unitCostCurrency: null,
    })),
    document,
  );
  const changes = arrivals.flatMap(({ line }): UnitChange[] =>
    line.serialUnitId === null
      ? []
      : [
          sign < 0
            ? { unitId: line.serialUnitId, to: 'IN_TRANSIT' }
            : { unitId: line.serialUnitId, to: 'AVAILABLE', locationId },
        ],
  );
  const refused = await changeUnits(tx, changes, document);
  // Their status was read under their lock: a refusal here is an error of ours.
  if (refused.length > 0) throw new Error(`units of transfer ${transfer.id} cannot move`);
}

export async function itemsOf(
  tx: Tx,
  lines: readonly TransferLineRow[],
): Promise<Map<string, Item>> {
  const ids = [...new Set(lines.map(({ stockItemId }) => stockItemId))];
  return new Map((await lockItems(tx, ids)).map((item) => [item.id, item]));
}

const levelsOf = (lines: readonly TransferLineRow[], locationIds: readonly string[]) =>
  [...new Set(lines.map(({ stockItemId }) => stockItemId))].flatMap((stockItemId) =>
    locationIds.map((locationId) => ({ stockItemId, locationId })),
  );
