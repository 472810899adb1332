import type { Database, Tx } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  isRefusal,
  isUuid,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../../kernel/caller.ts';
import { checkReference, idOf, quantityMax } from '../../kernel/input.ts';
import { lockLevels } from '../../kernel/level/level.sql.ts';
import {
  checkLocation,
  namedLocation,
  type NamedLocation,
} from '../../kernel/location/named-location.steps.ts';
import { recordMovements } from '../../kernel/movement/movement.sql.ts';
import { lockItemsBySku } from '../receipt/receipt.sql.ts';
import { insufficientStock, nameOf, stockItemNotTracked } from '../../kernel/stock.errors.ts';
import { lockReturnedSale, returnProblem } from './return.steps.ts';
import { adjustUnit } from './unit-adjustment.steps.ts';
import type { AdjustmentReason } from './adjustment.ts';

export type StockAdjustInput = NamedLocation & {
  sku: string;
  serial?: string | null;
  serialUnitId?: string | null;
  quantity: number;
  reason: AdjustmentReason;
  note?: string | null;
  referenceKind?: string | null;
  referenceId?: string | null;
  idempotencyKey: string;
};
export type Adjusted = { movementId: string; stockItemId: string };
export type AdjustmentService = ReturnType<typeof createAdjustmentService>;

/** Corrections of a count by a person; what is held cannot be adjusted away. */
export function createAdjustmentService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;
  return {
    async adjust(caller: Caller, input: StockAdjustInput) {
      const problem = checkAdjust(input);
      if (problem) return problem;
      const constraints = {
        level_on_hand_max: () =>
          invalidInput('quantity', 'A level cannot hold so many units.', input.quantity),
      };
      const afterCommit = [wakeRelays, onChange];
      const command = { operation: 'stockAdjust', input, constraints, afterCommit };
      return db.command(caller, command, (tx) => adjustLevel(tx, caller, input));
    },
  };
}

async function adjustLevel(tx: Tx, caller: Caller, input: StockAdjustInput) {
  const isReturn = input.reason === 'RETURN';
  const unknown = isReturn ? await lockReturnedSale(tx, input) : undefined;
  if (unknown) return unknown;
  const [item] = await lockItemsBySku(tx, [input.sku]);
  if (!item) return notFound('StockItem', input.sku);
  if (item.tracking === 'NONE') return stockItemNotTracked(item);
  const location = await namedLocation(tx, input);
  if (isRefusal(location)) return location;
  const { id: locationId, code: locationCode } = location;
  const document = documentOf(caller, input);
  if (item.tracking === 'SERIAL') return adjustUnit(tx, item, { ...input, locationId, document });
  if (input.serial || input.serialUnitId)
    return invalidInput('serial', `${nameOf(item)} is counted by quantity: it has no named units.`);
  const tooMany = isReturn ? await returnProblem(tx, item, input) : undefined;
  if (tooMany) return tooMany;
  const [level] = await lockLevels(tx, [{ stockItemId: item.id, locationId }]);
  if (level!.available + input.quantity < 0 && input.quantity < 0)
    return insufficientStock(item, {
      requested: -input.quantity,
      available: level!.available,
      locationCode,
    });
  const [movementId] = await recordMovements(
    tx,
    [
      {
        stockItemId: item.id,
        locationId,
        serialUnitId: null,
        quantity: input.quantity,
        unitCostMinor: null,
        unitCostCurrency: null,
      },
    ],
    document,
  );
  return {
    __typename: 'StockAdjustSuccess' as const,
    movementId: movementId!,
    stockItemId: item.id,
  };
}

function documentOf(caller: Caller, input: StockAdjustInput) {
  return {
    reason: input.reason,
    referenceKind: input.referenceKind ?? null,
    // Compared as text with what sales and repairs write.
    referenceId: isUuid(input.referenceId) ? idOf(input.referenceId) : (input.referenceId ?? null),
    note: input.note ?? null,
    actor: caller.subject,
    traceparent: currentTraceparent(),
  };
}

function checkReturn({ quantity, referenceKind }: StockAdjustInput): InvalidInput | undefined {
  if (quantity < 0) return invalidInput('quantity', 'What comes back is more, not less.', quantity);
  return referenceKind && referenceKind !== 'SALE'
    ? invalidInput('referenceKind', 'Goods come back of a SALE.', referenceKind)
    : undefined;
}

function checkAdjust(input: StockAdjustInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkText('sku', input.sku, { min: 1, max: 255 }),
    checkText('serial', input.serial, { min: 1, max: 255 }),
    checkId('serialUnitId', input.serialUnitId),
    input.serial && input.serialUnitId
      ? invalidInput('serial', 'Name the unit by serial or serialUnitId, not both.')
      : undefined,
    checkLocation(input),
    checkWhole('quantity', input.quantity, { min: -quantityMax, max: quantityMax }),
    input.quantity === 0 ? invalidInput('quantity', 'A change of 0 is no change.', 0) : undefined,
    checkText('note', input.note, { max: 1_000 }),
    input.reason === 'OTHER' && !input.note?.trim()
      ? invalidInput('note', 'The reason OTHER needs a note that says what it was.')
      : undefined,
    checkReference(input),
    input.reason === 'RETURN' ? checkReturn(input) : undefined,
  );
}
