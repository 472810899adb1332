import { sql, type Tx } from '@onecount/db';
import { badInput } from '@onecount/graphql';

// Our clients speak in milliseconds: the instant that an item names as its beginning is none before it.
const statement = sql(
  'inventory.instant',
  `SELECT $2::timestamptz > statement_timestamp() AS "isFuture",
          (SELECT date_trunc('milliseconds', i.created_at) FROM stock_item i WHERE i.tenant_id = $1 AND i.id = $3) > $2
            AS "isBeforeItem"`,
);

type Found = { isFuture: boolean; isBeforeItem: boolean | null };

/** Throws bad input unless the instant is past by the database's clock, and not before the item, if one is given. */
export async function checkInstant(tx: Tx, at: string, stockItemId?: string): Promise<void> {
  const [found] = await tx.query<Found>(statement, [tx.tenantId, at, stockItemId ?? null]);
  if (found!.isFuture) throw badInput('at must not be in the future.', { field: 'at', value: at });
  if (found!.isBeforeItem)
    throw badInput('at must not be before the item was there.', { field: 'at', value: at });
}
