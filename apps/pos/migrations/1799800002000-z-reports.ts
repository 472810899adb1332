import { migration, tenantTable } from '@onecount/db';

/**
 * What a shift was closed with, once and for ever. It repeats what it names (the register's name, the location, who), so
 * that it reads the same when those have changed. Gapless by constraint: each number but the first refers to the one
 * before it, and no row ever goes.
 */
export const ZReports1799800002000 = migration(
  'ZReports1799800002000',
  `
CREATE TABLE z_report (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  register_id     uuid NOT NULL,
  number          integer NOT NULL CONSTRAINT z_report_number_positive CHECK (number > 0),
  previous_number integer GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
  shift_id        uuid NOT NULL,
  register_name   text NOT NULL,
  location_id     uuid NOT NULL,
  location_code   text NOT NULL,
  opened_at       timestamptz NOT NULL,
  opened_by       text NOT NULL,
  closed_at       timestamptz NOT NULL,
  closed_by       text NOT NULL,
  close_reason    text,
  figures         jsonb NOT NULL,
  tenders         jsonb NOT NULL,
  denominations   jsonb NOT NULL,
  CONSTRAINT z_report_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT z_report_number_key UNIQUE (tenant_id, register_id, number),
  CONSTRAINT z_report_shift_key UNIQUE (tenant_id, shift_id),
  CONSTRAINT z_report_gapless FOREIGN KEY (tenant_id, register_id, previous_number)
    REFERENCES z_report (tenant_id, register_id, number),
  CONSTRAINT z_report_shift_fkey FOREIGN KEY (tenant_id, shift_id) REFERENCES shift (tenant_id, id)
);
CREATE INDEX z_report_newest_idx ON z_report (tenant_id, closed_at DESC, id DESC);
${tenantTable('z_report', { appendOnly: true })}

ALTER TABLE shift ADD COLUMN close_reason text;
-- The end of a shift is final, as its report is.
CREATE TRIGGER shift_closed_final BEFORE UPDATE OR DELETE ON shift
  FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();`,
);
