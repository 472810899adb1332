import { foldedIdentifier } from '@onecount/refusal';

// What is counted, as the services see it; no I/O.

export type Tracking = 'NONE' | 'QUANTITY' | 'SERIAL';

export type LevelRow = {
  stockItemId: string;
  locationId: string;
  code: string;
  name: string;
  onHand: number;
  committed: number;
  available: number;
  version: number;
};

export type StockItemRow = {
  id: string;
  variantId: string | null;
  sku: string;
  title: string;
  tracking: Tracking;
  lowStockThreshold: number;
  backorderLimit: number;
  levels: LevelRow[];
};

/** Items to be found by their SKU, however it is typed. */
export function bySku<Item extends { sku: string }>(
  items: readonly Item[],
): Pick<ReadonlyMap<string, Item>, 'get'> {
  const found = new Map(items.map((item) => [foldedIdentifier(item.sku), item]));
  return { get: (sku) => found.get(foldedIdentifier(sku)) };
}

export const sumOf = (item: StockItemRow, figure: 'onHand' | 'committed' | 'available'): number =>
  item.levels.reduce((sum, level) => sum + level[figure], 0);

export type Registration = {
  variantId: string;
  sku: string;
  tracking: Tracking;
  title: string;
  /** Left as it is when undefined. */
  backorderLimit?: number | null;
  /** GTIN and the like; null removes it, undefined leaves it. */
  barcode?: string | null;
  /** Left as it is when undefined. */
  isOnSale?: boolean;
};

export type KnownItem = {
  id: string;
  variantId: string | null;
  sku: string;
  tracking: Tracking;
  /** Whether anything ever stood, moved or was held: then the tracking cannot change under it. */
  hasHistory: boolean;
};

export type RegistrationProblem = { code: 'SKU_TAKEN' | 'TRACKING_IN_USE'; message: string };

/** Items by what they are found by: each variant and each SKU has one at most. */
export function knownBy(items: readonly KnownItem[]) {
  const byVariant = new Map(items.map((item) => [item.variantId, item]));
  const namesakes = bySku(items);
  return (asked: Pick<Registration, 'variantId' | 'sku'>) => ({
    own: byVariant.get(asked.variantId),
    namesake: namesakes.get(asked.sku),
  });
}

/** Why a variant cannot be counted as asked: `own` is the item that it has, `namesake` the one of its SKU. */
export function registrationProblem(
  asked: Registration,
  { own, namesake }: { own: KnownItem | undefined; namesake: KnownItem | undefined },
): RegistrationProblem | undefined {
  // One without a variant is taken over, but not by a variant that has its own.
  if (namesake && namesake !== own && (own !== undefined || namesake.variantId !== null))
    return {
      code: 'SKU_TAKEN',
      message: `${asked.sku} is the SKU of other stock.`,
    };
  const item = own ?? namesake;
  if (item && item.tracking !== asked.tracking && item.hasHistory)
    return {
      code: 'TRACKING_IN_USE',
      message: `${asked.title} (${asked.sku}) has stock or history counted as ${item.tracking}: it must be converted, not switched.`,
    };
  return undefined;
}

/** A variant as this subgraph knows it: by its id alone. */
export type VariantKey = { id: string };
