import { foldedIdentifier, isIdentifier } from '@onecount/refusal';
import { sumOf, type StockItemRow } from '../../kernel/stock-item/stock-item.ts';

// What a live stream asks for and what it is told; no I/O.

export const skusMax = 100;

/** Which items, and whose levels of them; at least one of the two is given. */
export type LiveFilter = {
  /** As `foldedIdentifier` makes them. */
  skuKeys: ReadonlySet<string> | null;
  locationId: string | null;
};
export type LiveRequest = {
  skus: readonly string[];
  /** Id or code. */
  location: string | null;
  /** Of the last event that the client had, in ms of the database's clock. */
  since: number | null;
};

/** The request, or what is wrong with it, in words. */
export function liveRequestOf(body: unknown): LiveRequest | string {
  const { skus = [], location = null, lastEventId } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(skus) || !skus.every((sku) => typeof sku === 'string' && isIdentifier(sku)))
    return 'sku must be a SKU, given once for each.';
  if (skus.length > skusMax) return `A stream follows at most ${skusMax} SKUs.`;
  if (location !== null && (typeof location !== 'string' || !isIdentifier(location)))
    return 'location must be the id or the code of a location.';
  if (skus.length === 0 && location === null) return 'Give sku, product or location.';
  // What is no id of ours is no reason to refuse: the whole state is sent instead.
  const isOurs = typeof lastEventId === 'string' && /^[0-9]{1,15}$/.test(lastEventId);
  return { skus, location, since: isOurs ? Number(lastEventId) : null };
}

/** The newest state of one item, shared by all streams that are told it. */
export type LiveItem = {
  id: string;
  skuKey: string;
  isOnSale: boolean;
  /** Rises with every change of any of its levels. */
  version: number;
  /** When what it tells was written, in ms. */
  atMs: number;
  row: StockItemRow;
  /** Its texts by view: made once for however many streams. */
  texts: Map<string, string>;
};

export function liveItem(row: StockItemRow, of: { isOnSale: boolean; atMs: number }): LiveItem {
  const version = row.levels.reduce((sum, level) => sum + level.version, 0);
  const skuKey = foldedIdentifier(row.sku);
  return { id: row.id, skuKey, version, row, texts: new Map(), ...of };
}

/** What a caller may see: as in the graph, a public shop what is available of what is on sale, and no place. */
export type LiveView = { isPublic: boolean; locationId: string | null };

/** The data of its event. */
export function textOf(item: LiveItem, view: LiveView): string {
  const key = view.isPublic ? 'public' : (view.locationId ?? '');
  let text = item.texts.get(key);
  if (text === undefined) {
    text = JSON.stringify(view.isPublic ? publicView(item) : staffView(item, view.locationId));
    item.texts.set(key, text);
  }
  return text;
}

// What left the sale is told to who saw it before: there is none of it any more, and nothing else is said.
function publicView({ row, version, isOnSale }: LiveItem) {
  const { variantId, sku, tracking } = row;
  const available = isOnSale ? countOf(row, 'available') : 0;
  return { sku, variantId, onSale: isOnSale, available, tracking, version };
}

function staffView({ row, version }: LiveItem, locationId: string | null) {
  const { id: stockItemId, variantId, sku, tracking } = row;
  return {
    ...{ stockItemId, sku, variantId, tracking, version },
    onHand: countOf(row, 'onHand'),
    committed: countOf(row, 'committed'),
    available: countOf(row, 'available'),
    levels: row.levels
      .filter((level) => locationId === null || level.locationId === locationId)
      .map(({ locationId: id, code, onHand, committed, available, version: levelVersion }) => ({
        ...{ locationId: id, locationCode: code, onHand, committed, available },
        version: levelVersion,
      })),
  };
}

// As in the graph: what is not counted has no count.
const countOf = (row: StockItemRow, figure: Parameters<typeof sumOf>[1]): number | null =>
  row.tracking === 'NONE' ? null : sumOf(row, figure);
