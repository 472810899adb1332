import type { Tx } from '@onecount/db';
import { invalidInput, isRefusal } from '@onecount/refusal';
import { idOf } from '../../kernel/input.ts';
import { selectUnitByName, selectUnits } from '../../kernel/serial-unit/serial-unit.sql.ts';
import {
  setUnitStatus,
  type StatusDocument,
} from '../../kernel/serial-unit/unit-status.service.ts';
import { nameOf, unitNotFound } from '../../kernel/stock.errors.ts';
import { unitReturnProblem } from './return.steps.ts';
import { statusBy, type AdjustmentReason } from './adjustment.ts';

type UnitAdjustment = {
  serial?: string | null;
  serialUnitId?: string | null;
  locationId: string;
  quantity: number;
  reason: AdjustmentReason;
  document: StatusDocument;
};

/** A correction of a serialised item is about one unit: its status says what became of it. */
export async function adjustUnit(
  tx: Tx,
  item: { id: string; sku: string; title: string },
  asked: UnitAdjustment,
) {
  const { serial, serialUnitId, locationId, quantity, reason, document } = asked;
  if (!serial && !serialUnitId)
    return invalidInput('serial', `${nameOf(item)} is counted unit by unit: name the unit.`);
  const to = quantity === 1 || quantity === -1 ? statusBy(reason, quantity) : null;
  if (!to)
    return invalidInput('quantity', `A unit with reason ${reason} is not ${quantity}.`, quantity);
  const unit = serialUnitId
    ? (await selectUnits(tx, [idOf(serialUnitId)]))[0]
    : await selectUnitByName(tx, { sku: item.sku, serial: serial! });
  if (!unit || unit.stockItemId !== item.id)
    return unitNotFound({ sku: item.sku, serial, serialUnitId });
  const misnamed =
    reason === 'RETURN'
      ? await unitReturnProblem(tx, { ...item, ...unit }, { ...document, quantity })
      : undefined;
  if (misnamed) return misnamed;
  const set = await setUnitStatus(tx, { unitId: unit.id, to, locationId }, document);
  if (isRefusal(set)) return set;
  // A unit at the bench that is made available was counted all the time: no correction. Rolled back.
  if (set.movementId === null)
    return invalidInput('reason', `${nameOf({ ...item, ...unit })} is in the count already.`);
  const { movementId } = set;
  return { __typename: 'StockAdjustSuccess' as const, movementId, stockItemId: item.id };
}
