import { randomUUID } from 'node:crypto';
import { newEvent, type EventData, type EventType } from '@onecount/events';
import type { EventHandler } from '@onecount/messaging';
import { startCatalog, tenantA, type Catalog } from '../../test/catalog.ts';
import { searchCopies } from './search-copies.ts';

describe('what products are found by of other services', () => {
  let catalog: Catalog;
  let variantId: string;
  let wakes = 0;
  const handlers = searchCopies(() => (wakes += 1)) as unknown as EventHandler[];
  const worker = () => catalog.background.find(({ name }) => name === 'search-index')!;
  beforeAll(async () => {
    catalog = await startCatalog();
    await worker().start();
  });
  afterAll(() => catalog.stop());
  beforeEach(async () => {
    const { product } = await catalog.mutate('productCreate', { title: `Ring ${randomUUID()}` });
    variantId = product.variants.nodes[0].id;
  });

  /** The events of one kind, in the order in which they come; says whether a product is to be indexed. */
  async function hear<T extends EventType>(type: T, ...all: object[]): Promise<boolean> {
    const events = all.map((data) => {
      const { version } = data as { version: number };
      const event = { tenantId: tenantA, aggregateId: randomUUID(), sequence: version };
      return newEvent(type, { ...event, data: data as EventData<T> });
    });
    const handler = handlers.find((each) => each.type === type)!;
    wakes = 0;
    await catalog.db.inTransaction(tenantA, (tx) => handler.handleAll!(tx, events as never));
    return wakes === 1;
  }
  const level = (version: number, available: number, locationId: string) => ({
    ...{ stockItemId: randomUUID(), variantId, sku: 'any', tracking: 'QUANTITY', locationId },
    ...{ locationCode: 'HQ', onHand: available, committed: 0, available, version },
  });
  const item = (version: number, lowStockThreshold: number) => ({
    ...{ stockItemId: randomUUID(), variantId, sku: 'any', title: 'any', tracking: 'QUANTITY' },
    ...{ lowStockThreshold, backorderLimit: 0, version },
  });
  async function isFoundBy(filter: object, words = ''): Promise<boolean> {
    const query = `query ($filter: ProductFilterInput, $words: String) {
      products(first: 1, query: $words, filter: $filter) { nodes { variants(first: 1) { nodes { id } } } } }`;
    const { data } = await catalog.graphql(query, { filter, words });
    return data.products.nodes[0]?.variants.nodes[0].id === variantId;
  }
  /** Indexing follows the event: what is looked for comes. */
  async function comes(filter: object, words = ''): Promise<void> {
    await worker().stop();
    await worker().start();
    while (!(await isFoundBy(filter, words)));
  }

  it('the newest count of each location, whatever order they come in', async () => {
    const [here, there] = [randomUUID(), randomUUID()];
    expect(await isFoundBy({ isInStock: false, isLowStock: true })).toBe(true);
    expect(await hear('inventory.stock-level-changed', level(3, 5, here), level(2, 0, here))).toBe(
      true,
    );
    await comes({ isInStock: true, isLowStock: false });
    // A sale of one of many writes its count, and nothing that is found.
    expect(await hear('inventory.stock-level-changed', level(4, 2, here))).toBe(false);
    expect(await hear('inventory.stock-level-changed', level(3, 0, here))).toBe(false);
    expect(await hear('inventory.stock-level-changed', level(5, 0, here), level(1, 1, there))).toBe(
      true,
    );
    await comes({ isInStock: true, isLowStock: true });
    expect(await hear('inventory.stock-level-changed', level(2, 0, there))).toBe(true);
    await comes({ isInStock: false });
  });

  it('the threshold from which on it is low', async () => {
    await hear('inventory.stock-level-changed', level(1, 5, randomUUID()));
    await comes({ isLowStock: false });
    expect(await hear('inventory.stock-item-changed', item(4, 5), item(3, 2))).toBe(true);
    await comes({ isLowStock: true });
    expect(await hear('inventory.stock-item-changed', item(3, 1))).toBe(false);
    expect(await hear('inventory.stock-item-changed', item(5, 1))).toBe(true);
    await comes({ isLowStock: false });
  });

  it('the shops that it is in', async () => {
    const listingId = randomUUID();
    const connectionId = randomUUID();
    const listing = (version: number, isListed: boolean) => ({
      ...{ listingId, version, connectionId, variantId, sku: 'any', isListed },
      ...{ available: version, deliveredVersion: 0 },
    });
    expect(await isFoundBy({ isListed: false })).toBe(true);
    expect(await hear('storefront.listing-changed', listing(1, true))).toBe(true);
    await comes({ isListed: true, connectionId });
    expect(await isFoundBy({ isListed: false, connectionId: randomUUID() })).toBe(true);
    expect(await isFoundBy({ isListed: false })).toBe(false);
    expect(await hear('storefront.listing-changed', listing(5, true))).toBe(false);
    expect(await hear('storefront.listing-changed', listing(3, false))).toBe(false);
    expect(await hear('storefront.listing-changed', listing(6, false))).toBe(true);
    await comes({ isListed: false });
  });

  it('the stock numbers of its pieces', async () => {
    const unit = (version: number, stockNumber: string) => ({
      ...{ serialUnitId: variantId, version, stockItemId: randomUUID(), variantId, sku: 'any' },
      ...{ stockNumber, status: 'SOLD', attributes: [], photos: [] },
      receivedAt: new Date().toISOString(),
    });
    expect(await hear('inventory.serial-unit-changed', unit(1, 'EB-00417'))).toBe(true);
    await comes({}, 'eb-00417');
    expect(await hear('inventory.serial-unit-changed', unit(2, 'EB-00417'))).toBe(false);
    expect(await hear('inventory.serial-unit-changed', unit(3, 'EB-00418'))).toBe(true);
    await comes({}, '00418');
    expect(await isFoundBy({}, 'eb-00417')).toBe(false);
  });
});
