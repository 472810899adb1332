import type { Tx } from '@onecount/db';
import type { DomainEvent } from '@onecount/events';
import { handlerOfGroups, wakeRelays, type EventHandler } from '@onecount/messaging';
import { SaleContradictionError } from './sale.errors.ts';
import {
  applySale,
  applySales,
  lockSales,
  type ApplyOutcome,
  type CommittedSale,
} from './sale.sql.ts';

type SaleEvent = DomainEvent<'pos.sale-committed'>;

const actor = 'pos';

/** Step 4 of a sale: its claim becomes movements. Twice is once, by the claim's state and by the ledger. */
export function onSaleCommitted(deps: {
  onChange: () => void;
}): EventHandler<'pos.sale-committed'> {
  return handlerOfGroups({
    type: 'pos.sale-committed',
    consumer: 'inventory.sale-apply',
    lock: (tx, events) =>
      lockSales(
        tx,
        events.map(({ data }) => data.saleId),
      ),
    async handleAll(tx, events) {
      tx.afterCommit(wakeRelays);
      tx.afterCommit(deps.onChange);
      const sales = events.map(saleOf);
      if (await applySales(tx, { sales, actor })) return;
      for (const sale of sales) await applyAlone(tx, sale);
    },
  });
}

async function applyAlone(tx: Tx, sale: CommittedSale): Promise<void> {
  const contradiction = contradictionOf(await applySale(tx, sale));
  if (contradiction) throw new SaleContradictionError(sale.saleId, contradiction);
}

function saleOf({ data, time, traceparent }: SaleEvent): CommittedSale {
  return {
    saleId: data.saleId,
    actor,
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
