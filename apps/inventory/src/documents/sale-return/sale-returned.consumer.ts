import { wakeRelays, type EventHandler } from '@onecount/messaging';
import { applyReturn } from './sale-return.steps.ts';

/** What comes back by a return at a till is counted again. Behind its sale: both have one key. */
export function onSaleReturned(deps: { onChange: () => void }): EventHandler<'pos.sale-returned'> {
  return {
    type: 'pos.sale-returned',
    consumer: 'inventory.sale-return-apply',
    // Rare beside sales, and it locks levels by itself: not worth a lock in advance.
    isAlone: true,
    concerns: ({ data }) => data.lines.some(({ tracking }) => tracking !== 'NONE'),
    async handle(tx, event) {
      tx.afterCommit(wakeRelays);
      tx.afterCommit(deps.onChange);
      await applyReturn(tx, event);
    },
  };
}
