import { migration } from '@onecount/db';

/** The version of the product that a variant is known by: it rises wherever the variant goes (ADR 0243). */
export const AVariantMovesBetweenProducts1799600100000 = migration(
  'AVariantMovesBetweenProducts1799600100000',
  'ALTER TABLE known_variant ADD COLUMN product_version bigint NOT NULL DEFAULT 0;',
);
