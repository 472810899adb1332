import { tenantTable } from '@onecount/db';

/**
 * Migration SQL. A stored function may insert into it directly with (tenant_id, type, aggregate_id,
 * sequence, data[, traceparent]); id and time have defaults; the relay checks the data against the
 * schema of its type before it publishes.
 *
 * `position` is only an order among unpublished rows, never a cursor: transactions commit in another
 * order than they draw it. Per aggregate it is the order of the changes, because whoever writes the
 * event holds the aggregate's row lock.
 */
export const outboxTable: string = `
CREATE TABLE outbox (
  tenant_id      uuid        NOT NULL,
  position       bigint      GENERATED ALWAYS AS IDENTITY,
  event_id       uuid        NOT NULL DEFAULT uuidv7(),
  type           text        NOT NULL,
  aggregate_id   text        NOT NULL,
  sequence       bigint      NOT NULL,
  -- json, not jsonb: it is stored once and read once, and must leave as it came.
  data           json        NOT NULL,
  traceparent    text,
  occurred_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  published_at   timestamptz,
  -- Set when the event can never be published (it breaks its schema, or the log refuses it): it stays
  -- here, is counted in a metric and no longer holds up the others.
  refused_reason text,
  CONSTRAINT outbox_pkey PRIMARY KEY (tenant_id, position)
);
CREATE INDEX outbox_unpublished ON outbox (position)
  WHERE published_at IS NULL AND refused_reason IS NULL;
-- Rows come in the order of time, so a block-range index serves the purge at nearly no cost per insert.
CREATE INDEX outbox_occurred ON outbox USING brin (occurred_at);
-- Every row is updated once: clean up by count, not by a share of a table that holds a week.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
${tenantTable('outbox', { systemRoles: ['relay', 'monitor'] })}
`;
