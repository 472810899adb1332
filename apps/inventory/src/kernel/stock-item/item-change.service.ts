import type { Database, Tx } from '@onecount/db';
import {
  checkId,
  checkIdentifier,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  identifierOf,
  invalidInput,
  isGiven,
  isRefusal,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { idOf, quantityMax } from '../input.ts';
import {
  backorderInUse,
  stockItemFollowsCatalog,
  stockItemSkuTaken,
} from './item-change.errors.ts';
import {
  carryBackorderLimit,
  insertItem,
  lockItem,
  lockLevelsOf,
  updateItem,
  type ChangedItem,
} from './item-change.sql.ts';
import { publishStockItems } from './stock-item.events.ts';
import type { Tracking } from './stock-item.ts';

export type StockItemCreateInput = {
  sku: string;
  title: string;
  tracking: Tracking;
  category?: string | null;
  lowStockThreshold?: number;
  backorderLimit?: number;
  idempotencyKey: string;
};
export type StockItemUpdateInput = {
  stockItemId: string;
  title?: string | null;
  category?: string | null;
  lowStockThreshold?: number | null;
  backorderLimit?: number | null;
  idempotencyKey: string;
};
export type ItemChanged = { stockItemId: string };
export type ItemChangeService = ReturnType<typeof createItemChangeService>;

/** What people set for an item; what the catalog says comes by its event (stock-item.service). */
export function createItemChangeService({ db }: { db: Database }) {
  return {
    async create(caller: Caller, input: StockItemCreateInput) {
      const problem = checkCreate(input);
      if (problem) return problem;
      return db.command(caller, { operation: 'stockItemCreate', input }, (tx) => create(tx, input));
    },

    async update(caller: Caller, input: StockItemUpdateInput) {
      const problem = checkUpdate(input);
      if (problem) return problem;
      return db.command(caller, { operation: 'stockItemUpdate', input }, (tx) => update(tx, input));
    },
  };
}

async function create(tx: Tx, input: StockItemCreateInput) {
  const sku = identifierOf(input.sku);
  const { id, isNew } = await insertItem(tx, {
    sku,
    title: input.title.trim(),
    tracking: input.tracking,
    category: input.category?.trim() || null,
    lowStockThreshold: input.lowStockThreshold ?? 1,
    backorderLimit: input.backorderLimit ?? 0,
  });
  if (!isNew) return stockItemSkuTaken(sku, id);
  await publishStockItems(tx, [id]);
  return { __typename: 'StockItemCreateSuccess' as const, stockItemId: id };
}

async function update(tx: Tx, input: StockItemUpdateInput) {
  const item = await lockItem(tx, idOf(input.stockItemId));
  if (!item) return notFound('StockItem', input.stockItemId);
  const refusal = catalogOwns(item, input) ?? (await changeBackorder(tx, item, input));
  if (isRefusal(refusal)) return refusal;
  await updateItem(tx, item.id, {
    title: input.title?.trim() ?? null,
    category: input.category?.trim() ?? null,
    lowStockThreshold: input.lowStockThreshold ?? null,
    backorderLimit: input.backorderLimit ?? null,
  });
  await publishStockItems(tx, [item.id]);
  return { __typename: 'StockItemUpdateSuccess' as const, stockItemId: item.id };
}

function catalogOwns(item: ChangedItem, input: StockItemUpdateInput) {
  if (item.variantId === null) return undefined;
  const field = (['title', 'category'] as const).find((each) => isGiven(input[each]));
  return field && stockItemFollowsCatalog(item, field);
}

async function changeBackorder(
  tx: Tx,
  item: ChangedItem,
  { backorderLimit }: StockItemUpdateInput,
) {
  if (!isGiven(backorderLimit)) return undefined;
  if (backorderLimit > 0 && item.tracking !== 'QUANTITY')
    return backorderNeedsQuantity(backorderLimit);
  const levels = await lockLevelsOf(tx, item.id);
  const [lowest] = levels.sort((one, other) => one.available - other.available);
  if (lowest && -lowest.available > backorderLimit)
    return backorderInUse(item, {
      backorderLimit,
      soldAhead: -lowest.available,
      locationCode: lowest.locationCode,
    });
  await carryBackorderLimit(tx, item.id, backorderLimit);
  return undefined;
}

function backorderNeedsQuantity(limit: number) {
  const message = 'Only what is counted by quantity can be sold ahead of stock.';
  return invalidInput('backorderLimit', message, limit);
}

function checkCreate(input: StockItemCreateInput): InvalidInput | undefined {
  const { backorderLimit = 0, tracking } = input;
  return firstOf(
    checkIdentifier('sku', input.sku),
    checkFacts(input),
    backorderLimit > 0 && tracking !== 'QUANTITY'
      ? backorderNeedsQuantity(backorderLimit)
      : undefined,
  );
}

function checkUpdate(input: StockItemUpdateInput): InvalidInput | undefined {
  const { title, category, lowStockThreshold, backorderLimit } = input;
  return firstOf(
    checkId('stockItemId', input.stockItemId),
    checkFacts(input),
    [title, category, lowStockThreshold, backorderLimit].some(isGiven)
      ? undefined
      : invalidInput('title', 'Nothing is given that could change.'),
  );
}

type Facts = Pick<
  StockItemUpdateInput,
  'title' | 'category' | 'lowStockThreshold' | 'backorderLimit' | 'idempotencyKey'
>;

function checkFacts(input: Facts): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkText('title', input.title?.trim(), { min: 1, max: 1_000 }),
    checkText('category', input.category?.trim(), { max: 255 }),
    checkWhole('lowStockThreshold', input.lowStockThreshold ?? 0, { min: 0, max: quantityMax }),
    checkWhole('backorderLimit', input.backorderLimit ?? 0, { min: 0, max: quantityMax }),
  );
}
