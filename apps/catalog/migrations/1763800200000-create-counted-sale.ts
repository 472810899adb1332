import { migration, tenantTable } from '@onecount/db';

/**
 * Sales that are in the counters already. The inbox knows event ids; a sale that is published anew
 * under another id (a refilled topic) is known by this alone.
 */
export const CreateCountedSale1763800200000 = migration(
  'CreateCountedSale1763800200000',
  `
CREATE TABLE counted_sale (
  tenant_id uuid NOT NULL,
  sale_id   uuid NOT NULL,
  CONSTRAINT counted_sale_pkey PRIMARY KEY (tenant_id, sale_id)
);
${tenantTable('counted_sale')}
`,
);
