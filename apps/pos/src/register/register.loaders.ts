import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { registersByIds, type Register } from './register.sql.ts';

export function registerLoader(db: Database, context: SubgraphContext) {
  const { tenantId } = context.caller;
  return context.loader<string, Register | null>('register', async (ids) => {
    const rows = await db.read(tenantId, (tx) => registersByIds(tx, ids));
    const byId = new Map(rows.map((register) => [register.id, register]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
