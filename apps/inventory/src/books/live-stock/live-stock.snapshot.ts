import type { Database } from '@onecount/db';
import type { LiveItem, LiveRequest } from './live-stock.ts';
import { readClock, readLiveItems, selectChangedAt } from './live-stock.sql.ts';

type Snapshot = {
  request: LiveRequest;
  locationId: string | null;
  tenantId: string;
  isPublic: boolean;
};

const pageMax = 200;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * The state as it is now, page by page as the client takes them. A list of SKUs is sent whole, which costs less than
 * to say what changed; of a location, after a break, only what changed since.
 */
export async function* readSnapshot(db: Database, of: Snapshot): AsyncGenerator<LiveItem[]> {
  const { request, locationId, tenantId, isPublic: needsOnSale } = of;
  const atMs = await readClock(db);
  if (request.skus.length > 0) {
    yield readLiveItems(db, { tenantId, skus: request.skus, needsOnSale, atMs });
    return;
  }
  let behindId = firstId;
  for (;;) {
    const page = { tenantId, locationId: locationId!, behindId, since: request.since };
    const ids = await selectChangedAt(db, { ...page, max: pageMax });
    if (ids.length > 0) yield readLiveItems(db, { tenantId, ids, needsOnSale, atMs });
    if (ids.length < pageMax) return;
    behindId = ids.at(-1)!;
  }
}
