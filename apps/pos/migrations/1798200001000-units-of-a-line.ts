import { migration, tenantTable } from '@onecount/db';

/**
 * The pieces of a line of several (ADR 0201), written when the sale is committed. The one piece of a line of one stays in
 * the line.
 */
export const UnitsOfALine1798200001000 = migration(
  'UnitsOfALine1798200001000',
  `
CREATE TABLE sale_line_unit (
  tenant_id      uuid NOT NULL,
  sale_id        uuid NOT NULL,
  line_id        uuid NOT NULL,
  position       integer NOT NULL,
  serial_unit_id uuid NOT NULL,
  serial         text,
  CONSTRAINT sale_line_unit_pkey PRIMARY KEY (tenant_id, sale_id, line_id, position),
  CONSTRAINT sale_line_unit_line_fkey FOREIGN KEY (tenant_id, sale_id, line_id) REFERENCES sale_line (tenant_id, sale_id, id)
);
CREATE INDEX sale_line_unit_by_unit_idx ON sale_line_unit (tenant_id, serial_unit_id);
CREATE INDEX sale_line_unit_by_serial_idx ON sale_line_unit (tenant_id, identifier_key(serial)) WHERE serial IS NOT NULL;
${tenantTable('sale_line_unit')}`,
);
