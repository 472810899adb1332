import { randomUUID } from 'node:crypto';
import { newEvent, toMessage, type DomainEvent } from '@onecount/events';
import { createInboxConsumer } from '@onecount/messaging';
import { createLogger } from '@onecount/telemetry';
import { eventually, testTransport, type TestTransport } from '@onecount/testing';
import { startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';
import { saleCommitted } from './sale-committed.ts';

let catalog: Catalog;
let transport: TestTransport;
beforeAll(async () => {
  catalog = await startCatalog();
  transport = await testTransport('embedded');
});
afterAll(async () => {
  await transport.close();
  await catalog.stop();
});

function sale(
  lines: { variantId?: string; sku: string; quantity: number }[],
  { tenantId = tenantA, committedAt = '2026-11-22T09:00:00.000Z' } = {},
): DomainEvent {
  const saleId = randomUUID();
  return newEvent('pos.sale-committed', {
    tenantId,
    aggregateId: saleId,
    sequence: 1,
    data: {
      saleId,
      version: 1,
      channel: 'COUNTER',
      committedAt,
      currencyCode: 'USD',
      totalMinor: 100,
      lines: lines.map((line) => ({
        ...line,
        lineId: randomUUID(),
        stockItemId: randomUUID(),
        title: 'Piece',
        tracking: 'QUANTITY',
        unitPriceMinor: 100,
        totalMinor: 100 * line.quantity,
      })),
    },
  });
}

describe('pos.sale-committed', () => {
  it('is counted once per variant, however often and in whatever order it comes', async () => {
    const { product } = await catalog.mutate('productCreate', {
      title: 'Sold',
      options: [{ name: 'Size', values: ['S', 'M'] }],
    });
    const [small, medium] = product.variants.nodes;
    const events = [
      sale([
        { variantId: small.id, sku: small.sku, quantity: 2 },
        { variantId: small.id, sku: small.sku, quantity: 1 },
        { sku: medium.sku, quantity: 5 },
      ]),
      sale([{ variantId: small.id, sku: small.sku, quantity: 4 }], {
        committedAt: '2026-11-22T10:00:00.000Z',
      }),
      // Another tenant's sale of the same variant id, and one of something unknown, count nothing.
      sale([{ variantId: small.id, sku: small.sku, quantity: 100 }], { tenantId: tenantB }),
      sale([{ variantId: randomUUID(), sku: 'unknown', quantity: 7 }]),
    ];
    const consumer = createInboxConsumer({
      db: catalog.db,
      transport,
      group: 'catalog-sales-test',
      handlers: [saleCommitted] as never,
      log: createLogger({ service: 'catalog', level: 'silent' }),
    });
    const last = sale([{ variantId: medium.id, sku: medium.sku, quantity: 1 }]);
    consumer.start();
    await consumer.joined();
    try {
      await consumer.joined();
      const underNewId = { ...events[0]!, id: randomUUID() };
      await transport.publish(
        [...events, underNewId, ...events.toReversed(), last].map((event) => toMessage(event)),
      );
      const query = `query ($id: ID!) { product(id: $id) { variants { nodes {
        sku sales { quantitySold lastSoldAt } } } } }`;
      await eventually(async () => {
        const { data } = await catalog.graphql(query, { id: product.id });
        expect(data.product.variants.nodes).toEqual([
          { sku: small.sku, sales: { quantitySold: 7, lastSoldAt: '2026-11-22T10:00:00.000Z' } },
          { sku: medium.sku, sales: { quantitySold: 6, lastSoldAt: '2026-11-22T09:00:00.000Z' } },
        ]);
        return true;
      });
    } finally {
      await consumer.stop();
    }
  });
});
