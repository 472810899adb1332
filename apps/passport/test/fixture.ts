import type { Jwk } from '@onecount/config';
import { uuidv7 } from '@onecount/db';
import type { EventData } from '@onecount/events';
import { generateSigningKey } from '@onecount/identity';
import { startSubgraph, timeoutFactor, type SubgraphFixture } from '@onecount/testing';
import { definition } from '../src/service.ts';

export { tenantA, tenantB } from '@onecount/testing';

export const publicUrl = 'http://127.0.0.1:4105';

export type Fixture = SubgraphFixture;

export async function startPassport(): Promise<Fixture> {
  const { privateJwk } = await generateSigningKey('test-key');
  return startSubgraph(definition, {
    config: {
      PASSPORT_PUBLIC_URL: publicUrl,
      PASSPORT_SIGNING_KEY: privateJwk as Jwk,
      PASSPORT_ISSUER_NAME: 'Onecount test',
      EVENT_WAIT_MS: 300,
      TIMEOUT_FACTOR: timeoutFactor,
    },
    scopes: 'passport:read passport:write stock:read',
  });
}

/** An estate brooch with a certificate, as inventory and catalog publish it. */
export function brooch(change: Partial<EventData<'inventory.serial-unit-changed'>> = {}) {
  const [productId, variantId] = [uuidv7(), uuidv7()];
  const unit: EventData<'inventory.serial-unit-changed'> = {
    serialUnitId: uuidv7(),
    version: 1,
    stockItemId: uuidv7(),
    variantId,
    sku: 'BROOCH-1905',
    serial: 'S-100',
    stockNumber: 'E-0042',
    status: 'AVAILABLE',
    certificate: {
      number: 'GIA-77',
      lab: 'GIA',
      grade: 'VS1',
      reportUrl: 'https://gia.example/77',
    },
    attributes: [{ key: 'Metal', value: '18 ct gold' }],
    photos: ['https://cdn.example/brooch.jpg'],
    receivedAt: '2026-11-20T09:00:00.000Z',
    ...change,
  };
  const product: EventData<'catalog.product-changed'> = {
    ...{
      productId,
      version: 1,
      handle: 'swallow-brooch',
      title: 'Swallow brooch',
      status: 'ACTIVE',
    },
    ...{
      vendor: 'Estate',
      category: 'Brooches',
      productType: 'Brooch',
      tags: [],
      options: [],
      media: [],
    },
    variants: [
      {
        ...{ variantId, sku: unit.sku, title: 'Default', fullTitle: 'Swallow brooch', position: 1 },
        ...{ optionValues: [], tracking: 'SERIAL', isActive: true, isTaxable: true },
        requiresShipping: true,
      },
    ],
  };
  return { unit, product };
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
