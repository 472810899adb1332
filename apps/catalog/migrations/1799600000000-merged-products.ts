import { migration } from '@onecount/db';

/** What a deleted product has become part of (ADR 0243). */
export const MergedProducts1799600000000 = migration(
  'MergedProducts1799600000000',
  `
ALTER TABLE product
  ADD COLUMN merged_into_id uuid,
  ADD CONSTRAINT product_merged_into_fkey FOREIGN KEY (tenant_id, merged_into_id) REFERENCES product (tenant_id, id),
  ADD CONSTRAINT product_merged_is_deleted CHECK (merged_into_id IS NULL OR deleted_at IS NOT NULL);`,
);
