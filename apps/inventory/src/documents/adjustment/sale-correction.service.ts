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
  isSameIdentifier,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../../kernel/caller.ts';
import { idOf, quantityMax } from '../../kernel/input.ts';
import { lockLevels } from '../../kernel/level/level.sql.ts';
import {
  checkLocation,
  isLocationNamed,
  namedLocation,
  type NamedLocation,
} from '../../kernel/location/named-location.steps.ts';
import { recordMovements } from '../../kernel/movement/movement.sql.ts';
import { bySku } from '../../kernel/stock-item/stock-item.ts';
import { lockItemsBySku } from '../receipt/receipt.sql.ts';
import { insufficientStock, stockItemNotTracked } from '../../kernel/stock.errors.ts';
import { saleDidNotSell, stockItemIsSerial } from './sale-correction.errors.ts';
import { isSaleKnown, lockSale, selectSaleTaken } from './sale-correction.sql.ts';
import { correctableOf } from './sale-correction.ts';

export type SaleSizeCorrectInput = NamedLocation & {
  saleId: string;
  lineId?: string | null;
  wrongSku: string;
  rightSku: string;
  /** One when left out. */
  quantity?: number;
  note?: string | null;
  idempotencyKey: string;
};
export type SaleSizeCorrected = {
  wrongMovementId: string;
  rightMovementId: string;
  wrongItemId: string;
  rightItemId: string;
};
export type SaleCorrectionService = ReturnType<typeof createSaleCorrectionService>;

type Item = Awaited<ReturnType<typeof lockItemsBySku>>[number];

/** The wrong size was written down at the counter: a pair of rows, both with the sale. */
export function createSaleCorrectionService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;
  return {
    async correct(caller: Caller, input: SaleSizeCorrectInput) {
      const problem = checkCorrect(input);
      if (problem) return problem;
      const constraints = {
        level_on_hand_max: () =>
          invalidInput('quantity', 'A level cannot hold so many units.', input.quantity),
      };
      const afterCommit = [wakeRelays, onChange];
      const command = { operation: 'saleSizeCorrect', input, constraints, afterCommit };
      return db.command(caller, command, (tx) => correctPair(tx, caller, input));
    },
  };
}

async function correctPair(tx: Tx, caller: Caller, input: SaleSizeCorrectInput) {
  const { quantity = 1 } = input;
  const saleId = idOf(input.saleId);
  const lineId = input.lineId ? idOf(input.lineId) : null;
  await lockSale(tx, saleId);
  if (!(await isSaleKnown(tx, saleId))) return notFound('Sale', input.saleId);
  const items = await lockItemsBySku(tx, [input.wrongSku, input.rightSku]);
  const [wrong, right] = [input.wrongSku, input.rightSku].map((sku) => countedItem(items, sku));
  if (isRefusal(wrong)) return wrong;
  if (isRefusal(right)) return right;
  const taken = await selectSaleTaken(tx, { saleId, stockItemId: wrong!.id });
  const { sold, corrected, locationId: place } = correctableOf(taken, lineId);
  if (quantity > sold - corrected)
    return saleDidNotSell(wrong!, { saleId, sold, corrected, requested: quantity });
  const location = await namedLocation(tx, isLocationNamed(input) ? input : { locationId: place });
  if (isRefusal(location)) return location;
  const { id: locationId, code: locationCode } = location;
  const pair = [wrong!, right!].map(({ id }) => ({ stockItemId: id, locationId }));
  const level = (await lockLevels(tx, pair)).find(({ stockItemId }) => stockItemId === right!.id)!;
  if (level.available < quantity)
    return insufficientStock(right!, {
      requested: quantity,
      available: level.available,
      locationCode,
    });
  const cost = { serialUnitId: null, unitCostMinor: null, unitCostCurrency: null };
  const [wrongMovementId, rightMovementId] = await recordMovements(
    tx,
    [
      { ...pair[0]!, ...cost, quantity },
      { ...pair[1]!, ...cost, quantity: -quantity },
    ],
    {
      reason: 'SALE_CORRECTION',
      referenceKind: 'SALE',
      referenceId: saleId,
      lineId,
      note: input.note ?? null,
      actor: caller.subject,
      traceparent: currentTraceparent(),
    },
  );
  return {
    __typename: 'SaleSizeCorrectSuccess' as const,
    wrongMovementId: wrongMovementId!,
    rightMovementId: rightMovementId!,
    wrongItemId: wrong!.id,
    rightItemId: right!.id,
  };
}

function countedItem(items: readonly Item[], sku: string) {
  const item = bySku(items).get(sku);
  if (!item) return notFound('StockItem', sku);
  if (item.tracking === 'NONE') return stockItemNotTracked(item);
  return item.tracking === 'SERIAL' ? stockItemIsSerial(item) : item;
}

function checkCorrect(input: SaleSizeCorrectInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('saleId', input.saleId),
    checkId('lineId', input.lineId),
    checkText('wrongSku', input.wrongSku, { min: 1, max: 255 }),
    checkText('rightSku', input.rightSku, { min: 1, max: 255 }),
    isSameIdentifier(input.wrongSku, input.rightSku)
      ? invalidInput('rightSku', 'It is what was written down.', input.rightSku)
      : undefined,
    checkWhole('quantity', input.quantity ?? 1, { min: 1, max: quantityMax }),
    checkLocation(input, { isRequired: false }),
    checkText('note', input.note, { max: 1_000 }),
  );
}
