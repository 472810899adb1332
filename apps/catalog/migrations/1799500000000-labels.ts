import { migration, tenantTable } from '@onecount/db';

/** What a tenant's labels look like, and what was printed; each is written and read as a whole. */
export const Labels1799500000000 = migration(
  'Labels1799500000000',
  `
CREATE TABLE label_template (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  spec jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT label_template_pkey PRIMARY KEY (tenant_id, id)
);
${tenantTable('label_template')}

CREATE TABLE label_print (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  spec jsonb NOT NULL,
  labels jsonb NOT NULL,
  skip integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT label_print_pkey PRIMARY KEY (tenant_id, id)
);
${tenantTable('label_print')}`,
);
