import type { Database } from '@onecount/db';
import type { ReceivedMessage } from '@onecount/messaging';
import { foldedIdentifier } from '@onecount/refusal';
import { createWorker } from '@onecount/service';
import type { LiveFilter, LiveItem } from './live-stock.ts';
import { readLiveItems } from './live-stock.sql.ts';

/** Somebody who is told of the items of the filter. */
export type Watcher = {
  tenantId: string;
  filter: LiveFilter;
  isPublic: boolean;
  offer(item: LiveItem): void;
};
type Changed = { atMs: number; locationIds: Set<string> };
type Watched = {
  bySku: Map<string, Set<Watcher>>;
  byLocation: Map<string, Set<Watcher>>;
  changed: Map<string, Changed>;
  publicCount: number;
};
type Body = { stockItemId: string; sku: string; locationId?: string };

// Of an item: whether it is on sale, what it is called, how it is counted.
const followed = ['inventory.stock-level-changed', 'inventory.stock-item-changed'];

// What changes meanwhile is read together: a hot item costs one small read in this time, however many look at it.
const readEveryMs = 50;
const readIdleMs = 60_000;
const itemsPerRead = 500;

/**
 * The events of levels and items say which items changed; what is sent is read, once for all who look: a total is of all
 * locations, and whether an item is on sale is in no level. Who follows what decides what is read at all.
 */
export function createLiveFeed({ db, onError }: { db: Database; onError(err: unknown): void }) {
  const tenants = new Map<string, Watched>();

  const worker = createWorker({
    name: 'live-stock',
    intervalMs: readEveryMs,
    idleMs: readIdleMs,
    onError,
    async run() {
      for (const [tenantId, watched] of tenants)
        if (watched.changed.size > 0) await readChanged(tenantId, watched);
    },
  });

  function note({ headers, value }: ReceivedMessage): void {
    const watched = tenants.get(headers['ce_tenantid'] ?? '');
    if (!watched || !followed.includes(headers['ce_type'] ?? '')) return;
    const { stockItemId, sku, locationId } = JSON.parse(value) as Body;
    const isAtPlace = locationId !== undefined && watched.byLocation.has(locationId);
    if (!watched.bySku.has(foldedIdentifier(sku)) && !isAtPlace) return;
    const atMs = Date.parse(headers['ce_time'] ?? '') || 0;
    const known = watched.changed.get(stockItemId) ?? { atMs, locationIds: new Set() };
    known.atMs = Math.max(known.atMs, atMs);
    if (locationId !== undefined) known.locationIds.add(locationId);
    watched.changed.set(stockItemId, known);
    worker.wake();
  }

  async function readChanged(tenantId: string, watched: Watched): Promise<void> {
    const ids = [...watched.changed.keys()].slice(0, itemsPerRead);
    const taken = new Map(ids.map((id) => [id, watched.changed.get(id)!]));
    for (const id of ids) watched.changed.delete(id);
    const needsOnSale = watched.publicCount > 0;
    try {
      const items = await readLiveItems(db, { tenantId, ids, needsOnSale, atMs: 0 });
      for (const item of items) offer(watched, item, taken.get(item.id)!);
    } catch (err) {
      for (const [id, change] of taken) mergeInto(watched.changed, id, change);
      throw err;
    } finally {
      if (watched.changed.size > 0) worker.wake();
    }
  }

  return {
    worker,
    onMessages: async (messages: ReceivedMessage[]): Promise<number> => {
      for (const message of messages) note(message);
      return messages.length;
    },
    /** Answers how to end it. */
    watch(watcher: Watcher): () => void {
      const watched = tenants.get(watcher.tenantId) ?? nobodyWatches();
      tenants.set(watcher.tenantId, watched);
      const { skuKeys, locationId } = watcher.filter;
      const places = skuKeys
        ? [...skuKeys].map((key) => [watched.bySku, key] as const)
        : [[watched.byLocation, locationId!] as const];
      for (const [index, key] of places) index.set(key, (index.get(key) ?? new Set()).add(watcher));
      const count = watcher.isPublic ? 1 : 0;
      watched.publicCount += count;
      return () => {
        watched.publicCount -= count;
        for (const [index, key] of places) leave(index, key, watcher);
        if (watched.bySku.size + watched.byLocation.size === 0) tenants.delete(watcher.tenantId);
      };
    },
  };
}

const nobodyWatches = (): Watched => ({
  bySku: new Map(),
  byLocation: new Map(),
  changed: new Map(),
  publicCount: 0,
});

function leave(index: Map<string, Set<Watcher>>, key: string, watcher: Watcher): void {
  const others = index.get(key);
  others?.delete(watcher);
  if (others?.size === 0) index.delete(key);
}

function mergeInto(changed: Map<string, Changed>, id: string, change: Changed): void {
  const newer = changed.get(id);
  for (const locationId of newer?.locationIds ?? []) change.locationIds.add(locationId);
  changed.set(id, { ...change, atMs: Math.max(change.atMs, newer?.atMs ?? 0) });
}

function offer(watched: Watched, item: LiveItem, { atMs, locationIds }: Changed): void {
  item.atMs = atMs;
  for (const watcher of watched.bySku.get(item.skuKey) ?? []) {
    const { locationId } = watcher.filter;
    if (locationId === null || locationIds.has(locationId)) watcher.offer(item);
  }
  for (const locationId of locationIds)
    for (const watcher of watched.byLocation.get(locationId) ?? []) watcher.offer(item);
}
