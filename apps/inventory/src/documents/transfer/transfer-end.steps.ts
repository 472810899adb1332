import type { Tx } from '@onecount/db';
import { currentTraceparent } from '@onecount/telemetry';
import { lockCosts } from '../../kernel/cost/cost.sql.ts';
import { idOf } from '../../kernel/input.ts';
import { lockLevels } from '../../kernel/level/level.sql.ts';
import { changeUnits } from '../../kernel/serial-unit/unit-transition.sql.ts';
import { nameOf } from '../../kernel/stock.errors.ts';
import { letGo } from './transfer-pack.sql.ts';
import { transferRefused } from './transfer.errors.ts';
import { selectLines } from './transfer.sql.ts';
import { itemsOf, lockForArrival, move, remaining } from './transfer-travel.steps.ts';
import {
  addArrived,
  insertDifferences,
  setStatus,
  type NewDifference,
} from './transfer-travel.sql.ts';
import {
  reasonOf,
  type Arrival,
  type DifferenceOutcome,
  type DifferenceReason,
  type Item,
  type TransferLineRow,
  type TransferReason,
  type TransferRow,
} from './transfer.ts';

export type RestInput = {
  outcome: DifferenceOutcome;
  reason: Exclude<DifferenceReason, 'CANCELLED'>;
  note?: string | null;
};
export type DifferenceInput = RestInput & { transferLineId: string; quantity: number };
export type TransferCloseInput = {
  transferId: string;
  differences: readonly DifferenceInput[];
  rest?: RestInput | null;
  idempotencyKey: string;
};
type Declared = Arrival & NewDifference;

/**
 * Ends a transfer of which not everything arrived: every unit that is still on its way is declared missing
 * or back at the source. What is missing left the count when it was dispatched, so no movement is
 * written for it: a unit becomes LOST, a quantity stands on its line as missing, with its reason.
 */
export async function closeTransfer(
  tx: Tx,
  transfer: TransferRow,
  { input, actor }: { input: TransferCloseInput; actor: string },
) {
  const lines = await selectLines(tx, transfer.id);
  const items = await itemsOf(tx, lines);
  const differences = withRest(input, lines);
  const reasons = closingReasons(differences, { lines, items });
  if (reasons.length > 0) return transferRefused(reasons);
  const lineById = new Map(lines.map((line) => [line.id, line]));
  const declared = differences.map(
    ({ transferLineId, quantity, outcome, reason, note }, index): Declared => {
      const line = lineById.get(idOf(transferLineId))!;
      return { line, index, lineId: line.id, quantity, outcome, reason, note: note ?? null };
    },
  );
  const absent = await lockForArrival(tx, transfer, { arrivals: declared, items });
  if (absent.length > 0) return transferRefused(absent);
  await settle(tx, transfer, { declared, actor });
  await setStatus(tx, transfer.id, { status: 'CLOSED', actor });
  return undefined;
}

// Thousands of units may be on one van: what nobody named is declared together.
function withRest(
  { differences, rest }: TransferCloseInput,
  lines: readonly TransferLineRow[],
): readonly DifferenceInput[] {
  if (!rest) return differences;
  const left = new Map(lines.map((line) => [line.id, line.inTransit]));
  for (const { transferLineId, quantity } of differences) {
    const id = idOf(transferLineId);
    left.set(id, (left.get(id) ?? 0) - quantity);
  }
  return [
    ...differences,
    ...[...left]
      .filter(([, quantity]) => quantity > 0)
      .map(([transferLineId, quantity]) => ({ ...rest, transferLineId, quantity })),
  ];
}

/** A draft gives back what it holds; what is on its way goes back to the source's count. */
export async function cancelTransfer(
  tx: Tx,
  transfer: TransferRow,
  { note, actor }: { note: string | null; actor: string },
) {
  const lines = await selectLines(tx, transfer.id);
  const items = await itemsOf(tx, lines);
  if (transfer.status === 'DRAFT') {
    const locationId = transfer.fromLocationId;
    await lockLevels(
      tx,
      [...items.keys()].map((stockItemId) => ({ stockItemId, locationId })),
    );
    await letGo(tx, transfer.id, null);
  } else {
    const arrivals = remaining(lines);
    const absent = await lockForArrival(tx, transfer, { arrivals, items });
    if (absent.length > 0) return transferRefused(absent);
    const declared = arrivals.map((arrival): Declared => ({
      ...arrival,
      lineId: arrival.line.id,
      outcome: 'RETURNED',
      reason: 'CANCELLED',
      note,
    }));
    await settle(tx, transfer, { declared, actor });
  }
  await setStatus(tx, transfer.id, { status: 'CANCELLED', actor });
  return undefined;
}

async function settle(
  tx: Tx,
  transfer: TransferRow,
  { declared, actor }: { declared: readonly Declared[]; actor: string },
): Promise<void> {
  const returned = declared.filter(({ outcome }) => outcome === 'RETURNED');
  const missing = declared.filter(({ outcome }) => outcome === 'MISSING');
  const locationId = transfer.fromLocationId;
  await lockCosts(
    tx,
    declared.map(({ line }) => line.stockItemId),
  );
  await move(tx, transfer, { arrivals: returned, locationId, sign: 1, actor });
  await loseUnits(tx, transfer, { missing, actor });
  await addArrived(tx, 'returned', returned);
  await addArrived(tx, 'missing', missing);
  const rows = declared.map(({ lineId, outcome, quantity, reason, note }) => ({
    lineId,
    outcome,
    quantity,
    reason,
    note,
  }));
  await insertDifferences(tx, rows, actor);
}

// Units of one reason together: each document of changeUnits has one.
async function loseUnits(
  tx: Tx,
  transfer: TransferRow,
  { missing, actor }: { missing: readonly Declared[]; actor: string },
): Promise<void> {
  const units = missing.filter(({ line }) => line.serialUnitId !== null);
  const groups = Map.groupBy(units, ({ reason, note }) => JSON.stringify([reason, note]));
  for (const group of groups.values()) {
    const { reason, note } = group[0]!;
    const changes = group.map(({ line }) => ({ unitId: line.serialUnitId!, to: 'LOST' as const }));
    const refused = await changeUnits(tx, changes, {
      reason,
      note,
      referenceKind: 'TRANSFER',
      referenceId: transfer.id,
      actor,
      traceparent: currentTraceparent(),
    });
    if (refused.length > 0) throw new Error(`units of transfer ${transfer.id} cannot be missing`);
  }
}

type KnownLines = { lines: readonly TransferLineRow[]; items: ReadonlyMap<string, Item> };

// Each difference for itself first; then, that nothing on its way is left undeclared.
function closingReasons(
  differences: readonly DifferenceInput[],
  { lines, items }: KnownLines,
): TransferReason[] {
  const left = new Map(lines.map((line) => [line.id, line.inTransit]));
  const lineById = new Map(lines.map((line) => [line.id, line]));
  const reasons = differences.flatMap(({ transferLineId, quantity }, index) => {
    const id = idOf(transferLineId);
    const line = lineById.get(id);
    if (!line)
      return reasonOf(
        { index },
        { code: 'UNKNOWN_LINE', message: `The transfer has no line ${id}.`, value: id },
      );
    const item = items.get(line.stockItemId);
    const onItsWay = left.get(id)!;
    const amounts = { requested: quantity, available: onItsWay, value: id };
    const name = nameOf(item!);
    if (quantity < 1)
      return reasonOf(
        { index, item },
        {
          code: 'QUANTITY_INVALID',
          message: `${quantity} of ${name}: it must be 1 or more.`,
          ...amounts,
        },
      );
    if (quantity > onItsWay)
      return reasonOf(
        { index, item },
        {
          code: 'MORE_THAN_IN_TRANSIT',
          message: `${quantity} of ${name} declared, ${onItsWay} are still on their way.`,
          ...amounts,
        },
      );
    left.set(id, onItsWay - quantity);
    return [];
  });
  if (reasons.length > 0) return reasons;
  return lines.flatMap((line, index) => {
    const quantity = left.get(line.id)!;
    if (quantity === 0) return [];
    const item = items.get(line.stockItemId)!;
    const message = `${quantity} of ${nameOf(item)} are still on their way: declare them missing or returned.`;
    return reasonOf(
      { index: differences.length + index, item },
      { code: 'NOT_DECLARED', message, value: line.id, requested: 0, available: quantity },
    );
  });
}
