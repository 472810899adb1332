import { idempotent, type Database } from '@onecount/db';
import { checkKey, firstOf, invalidInput, isRefusal, type Refusal } from '@onecount/refusal';
import type { Caller } from '../../caller.ts';
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
  const find = (tenantId: string, id: string | null): Promise<RepublishRow | null> =>
    db.read(tenantId, (tx) => selectRepublish(tx, id));
  return {
    last: (caller: Caller): Promise<RepublishRow | null> => find(caller.tenantId, null),

    async request(
      caller: Caller,
      input: RepublishInput,
    ): Promise<{ republish: RepublishRow } | Refusal> {
      const problem = firstOf(checkKey(input.idempotencyKey), checkKinds(input));
      if (problem) return problem;
      const { tenantId, subject } = caller;
      const request = { operation: 'inventoryRepublish', key: input.idempotencyKey, input };
      const asked = await db.inTransaction(tenantId, (tx) =>
        idempotent(tx, request, async () => ({ id: await insertRepublish(tx, input, subject) })),
      );
      if (isRefusal(asked)) return asked;
      onRequest();
      return { republish: (await find(tenantId, asked.id))! };
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

export function checkKinds({ levels, units, movements }: RepublishKinds): Refusal | undefined {
  if (levels || units || movements) return undefined;
  return invalidInput('levels', 'Ask for levels, units or movements: at least one of them.');
}
