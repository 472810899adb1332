import { migration } from '@onecount/db';

/**
 * When something was done in a basket last. Open baskets are few and most end within minutes: they are found by when they
 * were opened, which no line that comes or goes changes, so that the index costs an entry a sale.
 */
export const IdleBaskets1797050000000 = migration(
  'IdleBaskets1797050000000',
  `
ALTER TABLE sale ADD COLUMN active_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX sale_open_idx ON sale (opened_at) WHERE status = 'OPEN';`,
);
