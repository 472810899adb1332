import { uuidv7 } from '@onecount/db';
import type { EventData } from '@onecount/events';
import { startSubgraph, timeoutFactor, type SubgraphFixture } from '@onecount/testing';
import { definition } from '../src/service.ts';

export { tenantB } from '@onecount/testing';

export type Fixture = SubgraphFixture;

export const startWorkshop = (): Promise<Fixture> =>
  startSubgraph(definition, {
    config: { EVENT_WAIT_MS: 300, TIMEOUT_FACTOR: timeoutFactor },
    scopes: 'repair:read repair:write',
  });

/** An estate brooch, as inventory publishes it. */
export function brooch(
  change: Partial<EventData<'inventory.serial-unit-changed'>> = {},
): EventData<'inventory.serial-unit-changed'> {
  return {
    ...{ serialUnitId: uuidv7(), version: 1, stockItemId: uuidv7(), variantId: uuidv7() },
    ...{ sku: 'BROOCH-1905', serial: 'S-100', stockNumber: 'E-0042', status: 'AVAILABLE' },
    ...{ attributes: [], photos: [], receivedAt: '2026-11-20T09:00:00.000Z' },
    ...change,
  };
}

export function saleOf(
  unit: EventData<'inventory.serial-unit-changed'>,
): EventData<'pos.sale-committed'> {
  return {
    ...{ saleId: uuidv7(), version: 1, channel: 'COUNTER', receiptNumber: 'HQ-000001' },
    ...{ committedAt: '2026-11-21T15:30:00.000Z', currencyCode: 'EUR', totalMinor: 420000 },
    lines: [
      {
        ...{ lineId: uuidv7(), stockItemId: unit.stockItemId, variantId: unit.variantId },
        ...{ sku: unit.sku, title: 'Swallow brooch', serialUnitId: unit.serialUnitId },
        ...{ tracking: 'SERIAL', quantity: 1, unitPriceMinor: 420000, totalMinor: 420000 },
      },
    ],
  };
}

/** All of a sale comes back. */
export function returnOf(sale: EventData<'pos.sale-committed'>): EventData<'pos.sale-returned'> {
  const { saleId, channel, currencyCode, totalMinor, lines } = sale;
  return {
    ...{ saleId, version: 2, channel, currencyCode, totalMinor, receiptNumber: 'HQ-000001' },
    ...{ returnId: uuidv7(), returnNumber: 'HQ/R-000001', reason: 'CHANGED_MIND' },
    ...{ locationId: uuidv7(), registerId: uuidv7(), shiftId: uuidv7() },
    returnedAt: '2026-11-22T10:00:00.000Z',
    lines: lines.map(({ serialUnitId, unitPriceMinor: _, ...line }) => ({
      ...line,
      units: [{ serialUnitId: serialUnitId! }],
      disposition: 'STOCK',
    })),
    refunds: [{ kind: 'CASH', amountMinor: totalMinor }],
  };
}
