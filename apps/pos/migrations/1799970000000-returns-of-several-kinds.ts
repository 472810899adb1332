import { migration, tenantTable } from '@onecount/db';

/** A sale that is taken back as a whole is a return of a kind of its own, at most one for a sale; and who printed which return. */
export const ReturnsOfSeveralKinds1799970000000 = migration(
  'ReturnsOfSeveralKinds1799970000000',
  `
ALTER TABLE sale_return ADD COLUMN kind text NOT NULL DEFAULT 'RETURN'
  CONSTRAINT sale_return_kind_known CHECK (kind IN ('RETURN', 'POST_VOID', 'EXCHANGE'));
CREATE UNIQUE INDEX sale_return_one_post_void ON sale_return (tenant_id, sale_id) WHERE kind = 'POST_VOID';

CREATE TABLE return_print (
  tenant_id    uuid NOT NULL,
  id           uuid NOT NULL,
  return_id    uuid NOT NULL,
  copy_number  integer NOT NULL,
  format       text NOT NULL,
  unit_numbers jsonb NOT NULL,
  printed_by   text NOT NULL,
  printed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT return_print_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT return_print_one_original UNIQUE (tenant_id, return_id, copy_number),
  CONSTRAINT return_print_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return (tenant_id, id),
  CONSTRAINT return_print_copy_number_range CHECK (copy_number >= 0)
);
${tenantTable('return_print', { appendOnly: true })}`,
);
