import { tenantTable } from '@onecount/db';

/**
 * Migration SQL: what each consumer has applied, and the events it gave up on. A message whose tenant
 * cannot be read is kept under the nil UUID, which no token carries.
 */
export const inboxTables: string = `
CREATE TABLE inbox (
  tenant_id  uuid        NOT NULL,
  consumer   text        NOT NULL,
  event_id   uuid        NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT inbox_pkey PRIMARY KEY (tenant_id, consumer, event_id)
);
${tenantTable('inbox')}

CREATE TABLE dead_event (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL DEFAULT uuidv7(),
  consumer    text        NOT NULL,
  -- As in ce_id; text, because an invalid message may carry anything.
  event_id    text        NOT NULL,
  topic       text        NOT NULL,
  key         text        NOT NULL,
  headers     jsonb       NOT NULL,
  value       text        NOT NULL,
  reason      text        NOT NULL,
  attempts    integer     NOT NULL,
  died_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  replayed_at timestamptz,
  CONSTRAINT dead_event_pkey PRIMARY KEY (tenant_id, id)
);
-- A redelivery of an event that is already here must not count it twice.
CREATE UNIQUE INDEX dead_event_once ON dead_event (tenant_id, consumer, event_id)
  WHERE replayed_at IS NULL;
${tenantTable('dead_event', { systemRoles: ['monitor'] })}
`;

/** Migration SQL: a dead event that never can or should be applied is put away, and kept. */
export const deadEventDiscard: string = `
ALTER TABLE dead_event
  ADD COLUMN discarded_at   timestamptz,
  ADD COLUMN discarded_by   text,
  ADD COLUMN discard_reason text,
  ADD CONSTRAINT dead_event_discard_whole CHECK (
    (discarded_at IS NULL) = (discarded_by IS NULL) AND (discarded_at IS NULL) = (discard_reason IS NULL)),
  ADD CONSTRAINT dead_event_one_end CHECK (replayed_at IS NULL OR discarded_at IS NULL);
`;
