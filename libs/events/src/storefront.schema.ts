import { Type, type Static } from '@sinclair/typebox';
import { count, name, uuid, version } from './parts.schema.ts';

export const listingChanged = Type.Object(
  {
    listingId: uuid('The listing.'),
    version,
    connectionId: uuid('The linked shop.'),
    variantId: uuid('The variant that is listed.'),
    sku: name('SKU of the variant.'),
    isListed: Type.Boolean({ description: 'Whether the shop should show it.' }),
    available: count('Count that the shop should show.'),
    deliveredVersion: Type.Integer({
      minimum: 0,
      description:
        'Newest version that the shop had acknowledged when this was written; 0 before the first.',
    }),
  },
  { description: 'What a shop should show, after a change. A delivery alone is no change.' },
);
export type ListingChanged = Static<typeof listingChanged>;
