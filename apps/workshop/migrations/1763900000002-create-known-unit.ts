import { migration, tenantTable } from '@onecount/db';

export const CreateKnownUnit1763900000002 = migration(
  'CreateKnownUnit1763900000002',
  `
-- What a ticket must know of a unit to be opened for it; the newest version wins. Certificate, photos
-- and the rest are read through the graph from inventory, which owns them.
CREATE TABLE known_unit (
  tenant_id    uuid   NOT NULL,
  id           uuid   NOT NULL,
  version      bigint NOT NULL,
  sku          text   NOT NULL,
  serial       text,
  stock_number text,
  status       text   NOT NULL,
  CONSTRAINT known_unit_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX known_unit_by_serial ON known_unit (tenant_id, sku, serial);
CREATE INDEX known_unit_by_stock_number ON known_unit (tenant_id, sku, stock_number);
${tenantTable('known_unit')}

-- A table of its own: the sale comes from another topic and may be here before the unit is.
CREATE TABLE unit_sale (
  tenant_id      uuid        NOT NULL,
  serial_unit_id uuid        NOT NULL,
  sale_id        uuid        NOT NULL,
  sold_at        timestamptz NOT NULL,
  CONSTRAINT unit_sale_pkey PRIMARY KEY (tenant_id, serial_unit_id)
);
${tenantTable('unit_sale')}
`,
);
