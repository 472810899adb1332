import type { Tx } from '@onecount/db';
import type { DomainEvent } from '@onecount/events';
import { isRefusal } from '@onecount/refusal';
import { lockCosts } from '../../kernel/cost/cost.sql.ts';
import { lockLevelsOfItems } from '../../kernel/level/level.sql.ts';
import { recordMovements, type MovementReason } from '../../kernel/movement/movement.sql.ts';
import {
  setUnitStatus,
  type StatusDocument,
} from '../../kernel/serial-unit/unit-status.service.ts';
import { lockSale, selectSaleTaken } from '../adjustment/sale-correction.sql.ts';
import { correctableOf } from '../adjustment/sale-correction.ts';
import { ReturnContradictionError } from './sale-return.errors.ts';
import {
  insertAppliedLines,
  isReturnApplied,
  keepQuantity,
  leftOfSale,
  lockReturnedItems,
  soldUnits,
  type AppliedLine,
  type ReturnedItem,
} from './sale-return.sql.ts';
import {
  asHandedOver,
  dispositionOf,
  keptPurposes,
  unitsBack,
  unitStatuses,
  type Disposition,
} from './sale-return.ts';

type ReturnEvent = DomainEvent<'pos.sale-returned'>;
type Returned = ReturnEvent['data'];
type Line = Returned['lines'][number];
type Back = { tx: Tx; data: Returned; traceparent: string | null };

const actor = 'pos';

/**
 * What a return of pos does to the count, whole or not at all: throws where the ledger says that it cannot be. Locks in
 * the order of everybody: the sale, the items, all their levels, what they cost, the units.
 */
export async function applyReturn(tx: Tx, { data, traceparent }: ReturnEvent): Promise<void> {
  await lockSale(tx, data.saleId);
  if (await isReturnApplied(tx, data.returnId)) return;
  const back: Back = { tx, data, traceparent: traceparent ?? null };
  const handedOver = asHandedOver(data.lines, await leftOfSale(tx, data.saleId));
  const ids = [...new Set(handedOver.map(({ stockItemId }) => stockItemId))];
  const items = new Map((await lockReturnedItems(tx, ids)).map((item) => [item.id, item]));
  const places = handedOver
    .filter(({ stockItemId }) => items.has(stockItemId))
    .map((line) => ({ stockItemId: line.stockItemId, locationId: placeOf(data, line) }));
  await lockLevelsOfItems(tx, ids, places);
  await lockCosts(tx, ids);
  const lines = handedOver.filter((line) => trackingOf(items, line) !== 'NONE');
  await checkBounds(back, lines);
  const applied: AppliedLine[] = [];
  for (const line of lines)
    applied.push(...(await lineBack(back, line, trackingOf(items, line) === 'SERIAL')));
  await insertAppliedLines(tx, data, applied);
}

const placeOf = (data: Returned, line: Line): string => line.locationId ?? data.locationId;

function trackingOf(items: ReadonlyMap<string, ReturnedItem>, line: Line) {
  return items.get(line.stockItemId)?.tracking ?? line.tracking;
}

/** More never comes back than the sale took and has not given back yet, whoever brings it (ADR 0161). */
async function checkBounds({ tx, data }: Back, lines: readonly Line[]): Promise<void> {
  for (const [stockItemId, ofItem] of Map.groupBy(lines, (line) => line.stockItemId)) {
    const taken = await selectSaleTaken(tx, { saleId: data.saleId, stockItemId });
    const { sold, corrected } = correctableOf(taken, null);
    const quantity = ofItem.reduce((sum, line) => sum + line.quantity, 0);
    if (quantity > sold - corrected)
      throw new ReturnContradictionError(
        data,
        `of ${ofItem[0]!.sku} the sale took ${sold} and ${corrected} came back, so ${quantity} cannot`,
      );
  }
}

async function lineBack(back: Back, line: Line, isSerial: boolean): Promise<AppliedLine[]> {
  const { tx, data } = back;
  const disposition = dispositionOf(line.disposition);
  const named = (line.units ?? []).map(({ serialUnitId }) => serialUnitId);
  const of = { saleId: data.saleId, lineId: line.lineId, stockItemId: line.stockItemId };
  const { quantity } = line;
  const units = isSerial ? unitsBack(await soldUnits(tx, of), { named, quantity }) : [];
  const applied: AppliedLine[] = [];
  for (const unitId of units) applied.push(await unitBack(back, line, { unitId, disposition }));
  const without = quantity - units.length;
  if (without > 0) applied.push(await quantityBack(back, line, { quantity: without, disposition }));
  return applied;
}

async function unitBack(
  back: Back,
  line: Line,
  { unitId, disposition }: { unitId: string; disposition: Disposition },
): Promise<AppliedLine> {
  const { tx, data } = back;
  const change = { unitId, to: 'RETURNED' as const, locationId: placeOf(data, line) };
  const returned = await setUnitStatus(tx, change, ofSale(back, line));
  if (isRefusal(returned)) throw new ReturnContradictionError(data, returned.message);
  const to = unitStatuses[disposition];
  if (to) {
    const settled = await setUnitStatus(tx, { unitId, to }, ofReturn(back));
    if (isRefusal(settled)) throw new ReturnContradictionError(data, settled.message);
  }
  const { lineId, stockItemId } = line;
  const movementId = returned.movementId!;
  return { lineId, stockItemId, serialUnitId: unitId, quantity: 1, disposition, movementId };
}

async function quantityBack(
  back: Back,
  line: Line,
  { quantity, disposition }: { quantity: number; disposition: Disposition },
): Promise<AppliedLine> {
  const { tx, data } = back;
  const { lineId, stockItemId } = line;
  const { returnId } = data;
  const locationId = placeOf(data, line);
  const move = async (by: number, document: Document) => {
    const cost = { serialUnitId: null, unitCostMinor: null, unitCostCurrency: null };
    const [id] = await recordMovements(
      tx,
      [{ stockItemId, locationId, quantity: by, ...cost }],
      document,
    );
    return id!;
  };
  const movementId = await move(quantity, { ...ofSale(back, line), reason: 'RETURN' });
  // What it had cost came back with it, and goes with it.
  if (disposition === 'DAMAGED') await move(-quantity, { ...ofReturn(back), reason: 'DAMAGE' });
  const purpose = keptPurposes[disposition];
  if (purpose)
    await keepQuantity(tx, { stockItemId, locationId, quantity, purpose, actor, returnId });
  return { lineId, stockItemId, serialUnitId: null, quantity, disposition, movementId };
}

type Document = StatusDocument & { reason: MovementReason };

// By the sale's own reference the goods bring back what they had cost, and are bounded by what it took.
function ofSale(back: Back, { lineId }: Line): StatusDocument {
  return { ...document(back), referenceKind: 'SALE', referenceId: back.data.saleId, lineId };
}

function ofReturn(back: Back): StatusDocument {
  return { ...document(back), referenceKind: 'SALE_RETURN', referenceId: back.data.returnId };
}

function document({ data, traceparent }: Back) {
  const note = `Return ${data.returnNumber}: ${data.reason}`;
  return { reason: null, note, actor, traceparent };
}
