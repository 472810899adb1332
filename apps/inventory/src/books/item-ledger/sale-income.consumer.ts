import type { Tx } from '@onecount/db';
import type { DomainEvent } from '@onecount/events';
import type { EventHandler } from '@onecount/messaging';
import { incomeOfSale } from './sale-income.ts';
import { insertEntries } from './item-ledger.sql.ts';

type SaleEvent = DomainEvent<'pos.sale-committed'>;

/**
 * What a sale earned is posted to its items. The cost of what was sold stands in the movements, which
 * another consumer of the same event writes before or after this one. Apart from that one, because money that
 * cannot be posted must not keep the count from following.
 */
export function onSaleIncome(): EventHandler<'pos.sale-committed'> {
  const handleAll = async (tx: Tx, events: SaleEvent[]) => {
    await insertEntries(
      tx,
      events.flatMap(({ data, time }) => incomeOfSale(data, time)),
    );
  };
  return {
    type: 'pos.sale-committed',
    consumer: 'inventory.item-ledger',
    concerns: ({ data }: SaleEvent) => data.lines.some((line) => line.tracking !== 'NONE'),
    handle: (tx, event) => handleAll(tx, [event]),
    handleAll,
  };
}
