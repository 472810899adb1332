import { uuidv7, type Database } from '@onecount/db';
import { isRefusal } from '@onecount/refusal';
import type { Caller } from '../sale/idempotency.ts';
import { insertRate, rateById } from './commission.sql.ts';
import { rateOf, type CommissionRateSetInput } from './commission.ts';

export type CommissionService = ReturnType<typeof createCommissionService>;

export function createCommissionService({ db }: { db: Database }) {
  return {
    async setRate(caller: Caller, input: CommissionRateSetInput) {
      const rate = rateOf(input);
      if (isRefusal(rate)) return rate;
      return db.command(
        caller,
        { operation: 'commissionRateSet', input },
        async (tx) => {
          const id = uuidv7();
          await insertRate(tx, { ...rate, id, setBy: caller.subject });
          return { id };
        },
        async (tx, { id }) => ({
          __typename: 'CommissionRateSetSuccess' as const,
          rate: await rateById(tx, id),
        }),
      );
    },
  };
}
