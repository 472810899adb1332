import { randomUUID } from 'node:crypto';
import { newEvent, type EventData } from '@onecount/events';
import { startCatalog, tenantA, type Catalog } from '../../test/catalog.ts';
import { stockItemChanged } from './stock-item-changed.ts';

describe('inventory.stock-item-changed', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await startCatalog();
  });
  afterAll(() => catalog.stop());

  type Published = Partial<EventData<'inventory.stock-item-changed'>>;
  async function published(more: Published): Promise<void> {
    const stockItemId = randomUUID();
    const event = newEvent('inventory.stock-item-changed', {
      tenantId: tenantA,
      aggregateId: stockItemId,
      sequence: more.version ?? 1,
      data: {
        stockItemId,
        sku: 'any',
        title: 'any',
        tracking: 'SERIAL',
        lowStockThreshold: 1,
        backorderLimit: 0,
        version: 1,
        ...more,
      },
    });
    await catalog.db.inTransaction(tenantA, (tx) => stockItemChanged.handle(tx, event));
  }
  const stateOf = async (productId: string) => {
    const [row] = await catalog.db.read(tenantA, (tx) =>
      tx.query<{ tracking: string; version: number; events: number }>(
        `SELECT v.tracking, p.version, (SELECT count(*)::int FROM outbox o WHERE o.aggregate_id = p.id::text
           AND o.data -> 'variants' -> 0 ->> 'tracking' = v.tracking) AS events
         FROM product p JOIN variant v ON v.tenant_id = p.tenant_id AND v.product_id = p.id WHERE p.id = $1`,
        [productId],
      ),
    );
    return row;
  };

  it('is followed by the variant, once, when it answers the catalog’s newest word', async () => {
    const { product } = await catalog.mutate('productCreate', { title: `Ring ${randomUUID()}` });
    const variantId = product.variants.nodes[0].id as string;
    // Older than the product, of no variant, of an unknown one.
    await published({ variantId, version: 2 });
    await published({ version: 3, productVersion: 1 });
    await published({ variantId: randomUUID(), version: 3, productVersion: 1 });
    expect(await stateOf(product.id)).toEqual({ tracking: 'QUANTITY', version: 1, events: 1 });

    await published({ variantId, version: 4, productVersion: 1 });
    expect(await stateOf(product.id)).toEqual({ tracking: 'SERIAL', version: 2, events: 1 });
    // Again, an older one, and one that crossed our change.
    await published({ variantId, version: 4, productVersion: 2 });
    await published({ variantId, version: 3, productVersion: 2, tracking: 'QUANTITY' });
    await published({ variantId, version: 5, productVersion: 1, tracking: 'QUANTITY' });
    expect(await stateOf(product.id)).toEqual({ tracking: 'SERIAL', version: 2, events: 1 });
    await published({ variantId, version: 6, productVersion: 2, tracking: 'QUANTITY' });
    expect(await stateOf(product.id)).toMatchObject({ tracking: 'QUANTITY', version: 3 });
  });

  it('that says what is so already changes no row', async () => {
    const { product } = await catalog.mutate('productCreate', { title: `Ring ${randomUUID()}` });
    const variantId = product.variants.nodes[0].id as string;
    const row = () =>
      catalog.db.read(tenantA, (tx) =>
        tx.query('SELECT v.xmin::text AS written FROM variant v WHERE id = $1', [variantId]),
      );
    const before = await row();
    await published({ variantId, version: 2, productVersion: 1, tracking: 'QUANTITY' });
    expect(await row()).toEqual(before);
  });
});
