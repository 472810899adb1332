import type { Tx } from '@onecount/db';
import { invalidInput } from '@onecount/refusal';
import { lockLevels, type LevelKey } from '../../kernel/level/level.sql.ts';
import { transferRefused } from './transfer.errors.ts';
import {
  insertPacked,
  lockUnits,
  selectUnregistered,
  type PackedLine,
} from './transfer-pack.sql.ts';
import type { Picked } from './transfer-pick.steps.ts';
import { selectLines } from './transfer.sql.ts';
import { packingReasons, type Pick, type SourceFacts } from './transfer.ts';

const transferLinesMax = 5_000;
// Its totals are whole numbers of the graph.
const transferQuantityMax = 1_000_000_000;

export type Source = { id: string; fromLocationId: string };

/** Puts what was picked on a draft and holds it; all or none. The items are locked. */
export async function pack(tx: Tx, transfer: Source, { picks, reasons }: Picked, actor: string) {
  const lines = await selectLines(tx, transfer.id);
  const facts = await sourceFacts(tx, transfer, picks);
  const taken = new Set(lines.flatMap(({ serialUnitId }) => serialUnitId ?? []));
  const against = [...reasons, ...packingReasons(picks, { ...facts, taken })];
  if (against.length > 0) return transferRefused(against.sort((a, b) => a.index - b.index));
  const packed = packedLines(picks);
  if (lines.length + packed.length > transferLinesMax)
    return invalidInput('lines', `A transfer has at most ${transferLinesMax} lines.`);
  const total = [...lines, ...packed].reduce((sum, { quantity }) => sum + quantity, 0);
  if (total > transferQuantityMax)
    return invalidInput('lines', `A transfer carries at most ${transferQuantityMax} units.`, total);
  await insertPacked(tx, transfer, packed, actor);
  return undefined;
}

/** Locks what the picks need at the source, levels before units, and reads what stands there. */
export async function sourceFacts(
  tx: Tx,
  { fromLocationId }: Source,
  picks: readonly Pick[],
): Promise<SourceFacts> {
  const itemIds = [...new Set(picks.map(({ item }) => item.id))];
  const keys: LevelKey[] = itemIds.map((stockItemId) => ({
    stockItemId,
    locationId: fromLocationId,
  }));
  const levels = await lockLevels(tx, keys);
  const units = await lockUnits(
    tx,
    picks.flatMap(({ unitId }) => unitId ?? []),
  );
  const unnamed = picks.filter(({ unitId, item }) => !unitId && item.tracking === 'SERIAL');
  return {
    locationId: fromLocationId,
    locationCode: levels[0]?.code ?? '',
    units,
    available: new Map(levels.map(({ stockItemId, available }) => [stockItemId, available])),
    unregistered: await selectUnregistered(tx, {
      locationId: fromLocationId,
      stockItemIds: [...new Set(unnamed.map(({ item }) => item.id))],
    }),
    taken: new Set(),
  };
}

// Of an item without a unit one line, however many times it was scanned.
function packedLines(picks: readonly Pick[]): PackedLine[] {
  const lines = new Map<string, PackedLine>();
  for (const { item, unitId, quantity } of picks) {
    const line = lines.get(unitId ?? item.id);
    if (line) line.quantity += quantity;
    else
      lines.set(unitId ?? item.id, {
        stockItemId: item.id,
        serialUnitId: unitId ?? null,
        quantity,
      });
  }
  return [...lines.values()];
}
