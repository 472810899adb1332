import type { Database, Tx } from '@onecount/db';
import { inOrder, type SubgraphContext } from '@onecount/graphql';

/** What many fields of a request ask one by one is read once; found in the request by its name. Unknown keys give null. */
export function rowLoader<Row>(
  name: string,
  select: (tx: Tx, keys: readonly string[]) => Promise<Row[]>,
  keyOf: (row: Row) => string,
) {
  return (db: Database, context: SubgraphContext) =>
    context.loader<string, Row | null>(name, async (keys) =>
      inOrder(keys, await db.read(context.caller.tenantId, (tx) => select(tx, keys)), keyOf),
    );
}
