import { migration } from '@onecount/db';

/**
 * A parked basket is an OPEN sale with `parked_at` (ADR 0361). That it is not checked out while it is parked is a constraint:
 * a process of the release before knows nothing of it.
 */
export const BasketsAreParked1799960000000 = migration(
  'BasketsAreParked1799960000000',
  `
ALTER TABLE sale
  ADD COLUMN name text CONSTRAINT sale_name_length CHECK (length(name) BETWEEN 1 AND 100),
  ADD COLUMN parked_at timestamptz,
  ADD COLUMN parked_by text,
  ADD CONSTRAINT sale_parked_by_somebody CHECK ((parked_at IS NULL) = (parked_by IS NULL)),
  ADD CONSTRAINT sale_parked_is_not_sold CHECK (parked_at IS NULL OR status IN ('OPEN', 'VOIDED'));
CREATE INDEX sale_parked_idx ON sale (tenant_id, parked_at, id) WHERE parked_at IS NOT NULL AND status = 'OPEN';`,
);
