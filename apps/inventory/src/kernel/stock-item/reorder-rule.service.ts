import type { Database, Tx } from '@onecount/db';
import {
  checkId,
  checkKey,
  checkWhole,
  firstOf,
  invalidInput,
  isGiven,
  isRefusal,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { idOf, quantityMax } from '../input.ts';
import {
  checkLocation,
  namedLocation,
  type NamedLocation,
} from '../location/named-location.steps.ts';
import { stockItemNotTracked } from '../stock.errors.ts';
import { deleteReorderRule, shareItem, upsertReorderRule } from './reorder-rule.sql.ts';

export type ReorderRuleSetInput = NamedLocation & {
  stockItemId: string;
  point?: number | null;
  quantity?: number | null;
  idempotencyKey: string;
};
export type ReorderRuleService = ReturnType<typeof createReorderRuleService>;

export function createReorderRuleService({ db }: { db: Database }) {
  return {
    async set(caller: Caller, input: ReorderRuleSetInput) {
      const problem = checkSet(input);
      if (problem) return problem;
      return db.command(caller, { operation: 'reorderRuleSet', input }, (tx) => setRule(tx, input));
    },
  };
}

async function setRule(tx: Tx, input: ReorderRuleSetInput) {
  const item = await shareItem(tx, idOf(input.stockItemId));
  if (!item) return notFound('StockItem', input.stockItemId);
  if (item.tracking === 'NONE') return stockItemNotTracked(item);
  const location = await namedLocation(tx, input);
  if (isRefusal(location)) return location;
  const place = { stockItemId: item.id, locationId: location.id };
  const { point, quantity } = input;
  if (isGiven(point)) await upsertReorderRule(tx, { ...place, point, quantity: quantity! });
  else await deleteReorderRule(tx, place);
  return { __typename: 'ReorderRuleSetSuccess' as const, stockItemId: item.id };
}

function checkSet(input: ReorderRuleSetInput): InvalidInput | undefined {
  const { point, quantity } = input;
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('stockItemId', input.stockItemId),
    checkLocation(input),
    checkWhole('point', point ?? 0, { min: 0, max: quantityMax }),
    checkWhole('quantity', quantity ?? 1, { min: 1, max: quantityMax }),
    isGiven(point) === isGiven(quantity)
      ? undefined
      : invalidInput('quantity', 'Give point and quantity, or neither.', quantity),
  );
}
