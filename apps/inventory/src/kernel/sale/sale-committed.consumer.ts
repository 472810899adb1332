import type { DomainEvent } from '@onecount/events';
import { wakeRelays, type EventHandler } from '@onecount/messaging';
import { SaleContradictionError } from './sale.errors.ts';
import { applySale, lockSales, type ApplyOutcome } from './sale.sql.ts';

/** Step 4 of a sale: its claim becomes movements. Twice is once, by the claim's state and by the ledger. */
export function onSaleCommitted(deps: {
  onChange: () => void;
}): EventHandler<'pos.sale-committed'> {
  return {
    type: 'pos.sale-committed',
    consumer: 'inventory.sale-apply',
    lock: (tx, events) =>
      lockSales(
        tx,
        events.map(({ data }) => data.saleId),
      ),
    async handle(tx, event) {
      tx.afterCommit(wakeRelays);
      tx.afterCommit(deps.onChange);
      const applied = await applySale(tx, saleOf(event));
      const contradiction = contradictionOf(applied);
      if (contradiction) throw new SaleContradictionError(event.data.saleId, contradiction);
    },
  };
}

function saleOf({ data, time, traceparent }: DomainEvent<'pos.sale-committed'>) {
  return {
    saleId: data.saleId,
    actor: 'pos',
    channel: data.channel,
    at: data.committedAt ?? time,
    traceparent: traceparent ?? null,
    // Read only where no claim is on record; otherwise the claim says what was taken from where. A unit is then
    // taken from where it stands: that it has moved since does not undo its sale.
    lines: data.lines
      .filter((line) => line.tracking !== 'NONE')
      .map((line) => ({
        lineId: line.lineId,
        stockItemId: line.stockItemId,
        sku: line.sku,
        quantity: line.quantity,
        serialUnitId: line.serialUnitId ?? null,
        locationId: line.serialUnitId ? null : (line.locationId ?? null),
      })),
  };
}

function contradictionOf(applied: ApplyOutcome): string | undefined {
  if (applied.outcome === 'RELEASED') return 'its claim was released';
  if (applied.outcome !== 'REFUSED') return undefined;
  const lines = applied.reasons.map(({ sku, outcome }) => `${sku}: ${outcome}`).join(', ');
  return `it has no claim and the stock is not there (${lines})`;
}
