import { migration, tenantTable } from '@onecount/db';

/**
 * What a salesperson is due of what was sold, from a day on; a row a change, the newest of a day holds. The functions have
 * columns more than before, which PostgreSQL takes for another function: they come back from their files.
 */
export const CommissionRates1799980002000 = migration(
  'CommissionRates1799980002000',
  `
DROP FUNCTION IF EXISTS report_entries(uuid, date, date);
DROP FUNCTION IF EXISTS report_documents(uuid, date, date);

CREATE TABLE commission_rate (
  tenant_id    uuid NOT NULL,
  id           uuid NOT NULL,
  -- Null: of whoever has none of their own.
  salesperson  text CONSTRAINT commission_rate_salesperson_length CHECK (length(salesperson) BETWEEN 1 AND 255),
  basis        text NOT NULL CONSTRAINT commission_rate_basis_known CHECK (basis IN ('NET', 'MARGIN')),
  basis_points integer NOT NULL CONSTRAINT commission_rate_range CHECK (basis_points BETWEEN 0 AND 10000),
  valid_from   date NOT NULL,
  set_by       text NOT NULL,
  set_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT commission_rate_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX commission_rate_of_day_idx ON commission_rate (tenant_id, salesperson, valid_from DESC, set_at DESC);
${tenantTable('commission_rate', { appendOnly: true })}`,
);
