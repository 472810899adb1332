import { migration, tenantTable } from '@onecount/db';

/**
 * A hold may become the hold of a sale's line (ADR 0170). Of a secret only the hash is kept. What the hold was before is
 * a row of its own: most holds never change hands, and the hot table grows by one column that is mostly null.
 */
export const AHoldBecomesASale1797000000000 = migration(
  'AHoldBecomesASale1797000000000',
  `
ALTER TABLE hold ADD COLUMN secret_hash text;
CREATE TABLE hold_takeover (
  tenant_id      uuid NOT NULL,
  hold_id        uuid NOT NULL,
  sale_id        uuid NOT NULL,
  line_id        text NOT NULL,
  ground         text NOT NULL CONSTRAINT hold_takeover_ground CHECK (ground IN ('OWN', 'SECRET', 'REASON')),
  reason         text,
  taken_by       text NOT NULL,
  taken_at       timestamptz NOT NULL,
  subject        text NOT NULL,
  purpose        text NOT NULL,
  channel        text,
  reference_kind text,
  reference_id   text,
  part           integer NOT NULL,
  expires_at     timestamptz,
  CONSTRAINT hold_takeover_pkey PRIMARY KEY (tenant_id, hold_id),
  CONSTRAINT hold_takeover_hold_fkey FOREIGN KEY (tenant_id, hold_id) REFERENCES hold (tenant_id, id),
  CONSTRAINT hold_takeover_reason CHECK (ground <> 'REASON' OR reason IS NOT NULL)
);
${tenantTable('hold_takeover')}
`,
);
