import { migration } from '@onecount/db';

/** A piece that was sold may come back to the shop, and be sold again. */
export const AUnitComesBack1799910100000 = migration(
  'AUnitComesBack1799910100000',
  `
ALTER TABLE lifecycle_record DROP CONSTRAINT lifecycle_record_kind_known;
ALTER TABLE lifecycle_record ADD CONSTRAINT lifecycle_record_kind_known
  CHECK (kind IN ('RECEIVED', 'PASSPORT_ISSUED', 'SOLD', 'RETURNED'));`,
);
