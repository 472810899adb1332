import type { Database } from '@onecount/db';
import { checkKey, firstOf, invalidInput, type InvalidInput } from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import {
  insertRepublish,
  selectRepublish,
  selectTenants,
  type RepublishKinds,
  type RepublishRow,
} from './republish.sql.ts';

export type RepublishInput = RepublishKinds & { idempotencyKey: string };
export type RepublishService = ReturnType<typeof createRepublishService>;

export function createRepublishService({ db, onRequest }: { db: Database; onRequest(): void }) {
  return {
    last: (caller: Caller): Promise<RepublishRow | null> =>
      db.read(caller.tenantId, (tx) => selectRepublish(tx, null)),

    async request(caller: Caller, input: RepublishInput) {
      const problem = firstOf(checkKey(input.idempotencyKey), checkKinds(input));
      if (problem) return problem;
      return db.command(
        caller,
        { operation: 'inventoryRepublish', input, afterCommit: [onRequest] },
        async (tx) => ({ id: await insertRepublish(tx, input, caller.subject) }),
        async (tx, { id }) => ({
          __typename: 'InventoryRepublishSuccess' as const,
          republish: (await selectRepublish(tx, id))!,
        }),
      );
    },

    /** For whoever runs the system: of one tenant, or of all; answers of how many. */
    async requestAs(
      actor: string,
      of: { tenantId: string | undefined; kinds: RepublishKinds },
    ): Promise<number> {
      const tenants = of.tenantId === undefined ? await selectTenants(db) : [of.tenantId];
      for (const tenantId of tenants)
        await db.inTransaction(tenantId, (tx) => insertRepublish(tx, of.kinds, actor));
      onRequest();
      return tenants.length;
    },
  };
}

export function checkKinds({ levels, units, movements }: RepublishKinds): InvalidInput | undefined {
  if (levels || units || movements) return undefined;
  return invalidInput('levels', 'Ask for levels, units or movements: at least one of them.');
}
