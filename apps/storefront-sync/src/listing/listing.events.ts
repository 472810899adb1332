import { newEvent, type DomainEvent } from '@onecount/events';
import type { ListingRow } from './listing.ts';

export function listingChanged(listing: ListingRow): DomainEvent<'storefront.listing-changed'> {
  const { tenantId, id, connectionId, variantId, sku, isListed, available } = listing;
  const { version, deliveredVersion } = listing;
  return newEvent('storefront.listing-changed', {
    tenantId,
    aggregateId: id,
    sequence: version,
    data: {
      ...{ listingId: id, version, connectionId, variantId, sku, isListed, available },
      deliveredVersion,
    },
  });
}
