import type { Sources } from '../../verify/sources.ts';
import type { World } from './isolation-call.ts';

/**
 * What no operation can write: the balance of a day that has ended, and a difference that the continuous check
 * found and that is gone again. Both are true of the tenant, and the service's background leaves them alone.
 */
export async function createPast(sources: Sources, { tenantId, word }: World): Promise<void> {
  await sources.rows(
    'inventory',
    `INSERT INTO location_balance (tenant_id, location_id, as_of, on_hand)
     SELECT tenant_id, id, date_trunc('day', created_at, 'UTC'), 0 FROM location WHERE tenant_id = $1`,
    [tenantId],
  );
  await sources.rows(
    'inventory',
    `INSERT INTO ledger_difference (tenant_id, kind, stock_item_id, expected, found, found_at, seen_at, gone_at)
     SELECT tenant_id, 'ON_HAND', id, $2, $3, created_at, created_at, now() FROM stock_item
     WHERE tenant_id = $1 ORDER BY id LIMIT 1`,
    [tenantId, word('expected'), word('found')],
  );
}

/** POS keeps a copy of each location that somebody asks it about: all of them are known from now on. */
export async function askAboutPlaces({ client }: World): Promise<void> {
  const { locations } = await client.data<{ locations: { nodes: { code: string }[] } }>(
    '{ locations(first: 100) { nodes { code } } }',
  );
  for (const variables of locations.nodes)
    await client.data(
      'query ($code: String!) { receiptSettings(locationCode: $code) { shopName } }',
      variables,
    );
}
