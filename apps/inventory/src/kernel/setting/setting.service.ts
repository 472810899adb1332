import type { Database } from '@onecount/db';
import { checkKey, checkWhole, firstOf, invalidInput, type InvalidInput } from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import {
  selectSettings,
  upsertSettings,
  type AllocationRule,
  type CostingMethod,
  type InventorySettings,
} from './setting.sql.ts';
import { patternProblem } from './stock-number.ts';

export type InventorySettingsUpdateInput = {
  /** Null: by hand from now on; undefined: as it is. */
  stockNumberPattern?: string | null;
  costingMethod?: CostingMethod | null;
  overReceiptPercent?: number | null;
  allocationRule?: AllocationRule | null;
  idempotencyKey: string;
};
export type SettingService = ReturnType<typeof createSettingService>;

export function createSettingService({ db }: { db: Database }) {
  return {
    read: (caller: Caller): Promise<InventorySettings> =>
      db.read(caller.tenantId, (tx) => selectSettings(tx)),

    async update(caller: Caller, input: InventorySettingsUpdateInput) {
      const problem = checkUpdate(input);
      if (problem) return problem;
      // Nothing but that it was done is kept under the key: the answer is what is set by now.
      return db.command(
        caller,
        { operation: 'inventorySettingsUpdate', input },
        (tx) => upsertSettings(tx, input),
        async (tx) => ({
          __typename: 'InventorySettingsUpdateSuccess' as const,
          settings: await selectSettings(tx),
        }),
      );
    },
  };
}

function checkUpdate(input: InventorySettingsUpdateInput): InvalidInput | undefined {
  const { stockNumberPattern: pattern, overReceiptPercent } = input;
  const problem = typeof pattern === 'string' ? patternProblem(pattern) : undefined;
  return firstOf(
    checkKey(input.idempotencyKey),
    problem ? invalidInput('stockNumberPattern', problem, pattern) : undefined,
    checkWhole('overReceiptPercent', overReceiptPercent ?? 0, { min: 0, max: 1_000 }),
  );
}
