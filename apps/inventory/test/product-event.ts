import { randomUUID } from 'node:crypto';
import { newEvent, type EventData } from '@onecount/events';
import { onProductChanged } from '../src/kernel/stock-item/product-changed.consumer.ts';
import type { StockRoom } from './stock-room.ts';

type Variant = EventData<'catalog.product-changed'>['variants'][number];

export const variantOf = (more: Partial<Variant> = {}): Variant => ({
  variantId: randomUUID(),
  sku: 'RING',
  title: 'Ring',
  fullTitle: 'Gold ring',
  position: 1,
  optionValues: [],
  tracking: 'QUANTITY',
  isActive: true,
  isTaxable: true,
  requiresShipping: true,
  ...more,
});

/** The catalog's event of an active product, as its consumer applies it; answers what was warned of. */
export async function productChanged(
  room: StockRoom,
  version: number,
  variants: Variant[],
  more: object = {},
): Promise<object[]> {
  const productId = randomUUID();
  const facts = { productId, version, handle: 'ring', title: 'Gold ring', status: 'ACTIVE' };
  const event = newEvent('catalog.product-changed', {
    tenantId: room.tenantId,
    aggregateId: productId,
    sequence: version,
    data: { ...facts, tags: [], options: [], media: [], variants, ...more } as never,
  });
  const warnings: object[] = [];
  const log = { warn: (warned: object) => void warnings.push(warned) };
  const handler = onProductChanged({ log: log as never });
  await room.db.inTransaction(room.tenantId, (tx) => handler.handle(tx, event));
  return warnings;
}
