import { randomUUID } from 'node:crypto';
import { eventRegistry, topics } from '@onecount/events';
import type { ReceivedMessage, Transport } from '@onecount/messaging';
import type { VerifiedService } from './sources.ts';

const quietMs = 150;

const product = 'onecount.catalog.product.v1';
const sale = 'onecount.pos.sale.v1';
const rental = 'onecount.pos.rental.v1';
const stockLevel = 'onecount.inventory.stock-level.v1';
const movement = 'onecount.inventory.movement.v1';
const stockItem = 'onecount.inventory.stock-item.v1';
const passport = 'onecount.passport.passport.v1';
const listing = 'onecount.storefront.listing.v1';
const serialUnit = 'onecount.inventory.serial-unit.v1';

/** Who listens to what; whoever is behind on one of these has not drained. */
export const consumedTopics: Record<VerifiedService, string[]> = {
  catalog: [sale, stockItem, stockLevel, serialUnit, listing],
  inventory: [product, sale, rental, passport],
  pos: [product, movement],
  workshop: [serialUnit, sale],
  passport: [product, serialUnit, sale],
  'storefront-sync': [product, stockLevel],
};

/** Those that services make; one that is kept for later may not be there, and would be waited for. */
export function allTopicNames(): string[] {
  return [...new Set(Object.values(eventRegistry).map(({ topic }) => topics[topic].name))];
}

/**
 * Reads the topics from their beginning with a group of its own, until the group has no lag and
 * nothing has come for a moment. Messages stand in the order of their partitions.
 */
export async function readTopics(
  transport: Transport,
  names: string[],
): Promise<ReceivedMessage[]> {
  const group = `onecount-verify-${randomUUID()}`;
  const messages: ReceivedMessage[] = [];
  let lastAt = Date.now();
  const subscription = await transport.subscribe({
    group,
    topics: names,
    onMessages: async (delivered) => {
      messages.push(...delivered);
      lastAt = Date.now();
      return delivered.length;
    },
  });
  await subscription.joined;
  for (;;) {
    const isQuiet = Date.now() - lastAt > quietMs;
    if (isQuiet && (await transport.lag(group, names)) === 0) break;
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
  await subscription.stop();
  return messages;
}
