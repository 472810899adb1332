import { exactlyOne, sql, type Database } from '@onecount/db';

const releaseStatement = sql('inventory.lease-release', 'SELECT lease_release($1, $2) AS released');

export async function releaseLease(
  db: Database,
  { tenantId, leaseId }: { tenantId: string; leaseId: string },
): Promise<number> {
  const rows = await db.statement<{ released: number }>(releaseStatement, [tenantId, leaseId]);
  return exactlyOne(rows).released;
}
