import type { DomainEvent } from '@onecount/events';
import type { EventHandler } from '@onecount/messaging';
import { incomeOfSale } from './sale-income.ts';
import { insertEntries } from './item-ledger.sql.ts';

/**
 * What a sale earned is posted to its items. The cost of what was sold stands in the movements, which
 * another consumer of the same event writes before or after this one.
 */
export function onSaleIncome(): EventHandler<'pos.sale-committed'> {
  return {
    type: 'pos.sale-committed',
    consumer: 'inventory.item-ledger',
    concerns: ({ data }: DomainEvent<'pos.sale-committed'>) =>
      data.lines.some((line) => line.tracking !== 'NONE'),
    async handle(tx, { data, time }) {
      await insertEntries(tx, incomeOfSale(data, time));
    },
  };
}
