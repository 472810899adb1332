import type { EventHandler } from '@onecount/messaging';
import { insertEntries } from './item-ledger.sql.ts';
import { incomeOfReturn } from './sale-income.ts';

/** What a return gives back is taken from what its items earned. Apart from the count for the same reason. */
export function onReturnIncome(): EventHandler<'pos.sale-returned'> {
  return {
    type: 'pos.sale-returned',
    consumer: 'inventory.item-ledger-return',
    concerns: ({ data }) => data.lines.some((line) => line.tracking !== 'NONE'),
    handle: async (tx, { data }) => void (await insertEntries(tx, incomeOfReturn(data))),
  };
}
