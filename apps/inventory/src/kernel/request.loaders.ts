import type { Database, Tx } from '@onecount/db';
import { inOrder, type SubgraphContext } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';

// Per request: what many fields ask one by one is read once. A loader is found in the request by its name,
// so that every noun that makes the loaders of another shares their batches.

/** Unknown ids give null. */
export function oneById<Row extends { id: string }>(
  db: Database,
  name: string,
  select: (tx: Tx, ids: readonly string[]) => Promise<Row[]>,
) {
  return async (context: SubgraphContext, id: string): Promise<Row | null> => {
    if (!isUuid(id)) return null;
    const { tenantId } = context.caller;
    const loader = context.loader<string, Row | null>(name, async (ids) =>
      inOrder(ids, await db.readOne(tenantId, (tx) => select(tx, ids)), (row) => row.id),
    );
    return loader.load(id.toLowerCase());
  };
}

/** All rows of an owner. */
export function listByOwner<Row>(
  db: Database,
  name: string,
  select: (tx: Tx, ownerIds: readonly string[]) => Promise<Row[]>,
  ownerOf: (row: Row) => string | null,
) {
  return (context: SubgraphContext, ownerId: string): Promise<Row[]> =>
    context
      .loader<string, Row[]>(name, async (ids) => {
        const rows = await db.readOne(context.caller.tenantId, (tx) => select(tx, ids));
        return ids.map((each) => rows.filter((row) => ownerOf(row) === each));
      })
      .load(ownerId);
}
