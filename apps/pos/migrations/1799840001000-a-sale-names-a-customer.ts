import { migration } from '@onecount/db';

/** A sale may name a customer; most do not, and cost nothing: the index has only those that do. */
export const ASaleNamesACustomer1799840001000 = migration(
  'ASaleNamesACustomer1799840001000',
  `
ALTER TABLE sale ADD COLUMN customer_id uuid,
  ADD CONSTRAINT sale_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id);
CREATE INDEX sale_by_customer_idx ON sale (tenant_id, customer_id, opened_at DESC, id DESC) WHERE customer_id IS NOT NULL;`,
);
