import { refusalFromConstraint, type Database, type Tx } from '@onecount/db';
import {
  checkId,
  checkIdentifier,
  checkText,
  checkWhole,
  firstOf,
  isSameIdentifier,
  isStorable,
  isUuid,
  refuse,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { idOf, quantityMax } from '../input.ts';
import { publishStockItems } from './stock-item.events.ts';
import {
  knownBy,
  registrationProblem,
  type Registration,
  type StockItemRow,
} from './stock-item.ts';
import {
  lockKnownItems,
  markSeen,
  readStockItems,
  replaceBarcodes,
  upsertItems,
  type Source,
  type StockItemKeys,
} from './stock-item.sql.ts';

export type StockItemService = ReturnType<typeof createStockItemService>;
type Refused = { index: number; sku: string; code: string; message: string };

const itemsMax = 2_048;

export function createStockItemService({ db }: { db: Database }) {
  const read = (caller: Caller, keys: StockItemKeys): Promise<StockItemRow[]> =>
    readStockItems(db, caller.tenantId, keys);
  return {
    read,

    async find(
      caller: Caller,
      wanted: { id?: string | null; sku?: string | null },
    ): Promise<StockItemRow | null> {
      const { id, sku } = wanted;
      if (id ? !isUuid(id) : !sku || !isStorable(sku)) return null;
      const [item] = await read(caller, id ? { ids: [id] } : { skus: [sku!] });
      return item && (!sku || isSameIdentifier(item.sku, sku)) ? item : null;
    },

    /** Idempotent: what is known already is left or brought up to date. */
    async register(caller: Caller, items: Registration[]) {
      const problem = checkItems(items);
      if (problem) return problem;
      const refusal = await registerAll(db, caller, items);
      if (refusal) return refusal;
      const found = await read(caller, { variantIds: items.map((item) => item.variantId) });
      const byVariant = new Map(found.map((item) => [item.variantId, item]));
      return {
        __typename: 'StockItemsRegisterSuccess' as const,
        stockItems: items.map((item) => byVariant.get(idOf(item.variantId))!),
      };
    },
  };
}

async function registerAll(db: Database, caller: Caller, items: Registration[]) {
  try {
    return await db.inTransaction(caller.tenantId, async (tx) => {
      const { refused } = await applyRegistrations(tx, items, { version: 0 });
      return refused.length > 0 ? stockItemsRefused(refused) : undefined;
    });
  } catch (err) {
    const { sku } = items[0]!;
    const message = 'More is sold ahead of stock already than the new backorder limit allows.';
    const inUse = () => stockItemsRefused([{ index: 0, sku, code: 'BACKORDER_IN_USE', message }]);
    return refusalFromConstraint(err, {
      level_available_floor: inUse,
      level_on_hand_floor: inUse,
    });
  }
}

/**
 * Brings items to what the catalog says; newest version wins. Answers those that cannot follow, and the ids of those
 * whose change was published.
 */
export async function applyRegistrations(
  tx: Tx,
  asked: readonly Registration[],
  source: Source,
): Promise<{ refused: Refused[]; changed: string[] }> {
  const known = knownBy(await lockKnownItems(tx, asked));
  const refused: Refused[] = [];
  const fit = asked.filter((item, index) => {
    const named = { ...item, variantId: idOf(item.variantId) };
    const problem = registrationProblem(named, known(named));
    if (problem) refused.push({ index, sku: item.sku, ...problem });
    return !problem;
  });
  // An item that keeps its tracking says so, and the catalog follows: the two never go on disagreeing.
  const kept = refused.filter(({ code }) => code === 'TRACKING_IN_USE');
  const changed = await markSeen(
    tx,
    kept.map(({ index }) => asked[index]!.variantId),
    source.version,
  );
  if (fit.length > 0) changed.push(...(await upsertItems(tx, fit, source)));
  await publishStockItems(tx, changed);
  const withBarcode = fit.filter((item) => item.barcode !== undefined);
  if (withBarcode.length > 0) await replaceBarcodes(tx, withBarcode, source.version);
  return { refused, changed };
}

function stockItemsRefused(reasons: Refused[]) {
  const message = reasons[0]!.message;
  return refuse('StockItemsRegisterRefused', 'STOCK_ITEMS_REFUSED', message, { reasons });
}

function checkItems(items: Registration[]): InvalidInput | undefined {
  return firstOf(
    checkWhole('items', items.length, { min: 1, max: itemsMax }),
    ...items.flatMap((item, index) => [
      checkId(`items.${index}.variantId`, item.variantId),
      checkIdentifier(`items.${index}.sku`, item.sku),
      checkText(`items.${index}.title`, item.title, { max: 1_000 }),
      checkWhole(`items.${index}.backorderLimit`, item.backorderLimit ?? 0, {
        min: 0,
        max: item.tracking === 'QUANTITY' ? quantityMax : 0,
      }),
    ]),
  );
}
