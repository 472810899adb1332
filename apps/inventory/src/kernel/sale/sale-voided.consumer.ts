import type { EventHandler } from '@onecount/messaging';
import type { Logger } from '@onecount/telemetry';
import { releaseSale } from './sale.sql.ts';

/** POS releases by a call as it voids; the event does it again for a call that was lost. */
export function onSaleVoided(deps: {
  log: Logger;
  onChange: () => void;
}): EventHandler<'pos.sale-voided'> {
  return {
    type: 'pos.sale-voided',
    consumer: 'inventory.sale-release',
    // Rare, and it locks levels by itself: not worth a lock in advance.
    isAlone: true,
    async handle(tx, { data }) {
      tx.afterCommit(deps.onChange);
      const { tenantId } = tx;
      const released = await releaseSale(tx.query, { tenantId, saleId: data.saleId });
      // A sale that is in the ledger needs a return; voiding it changes no count.
      if (released.outcome === 'APPLIED')
        deps.log.warn({ saleId: data.saleId }, 'a sale was voided after it had been applied');
    },
  };
}
