import { sql } from '@onecount/db';

/**
 * Answers those that are marked by this very statement; a concurrent delivery waits here for its outcome.
 * In one order, so that two groups with the same events never wait for each other in a ring.
 */
export const markStatement = sql(
  'messaging.inbox-mark',
  `INSERT INTO inbox (tenant_id, consumer, event_id)
   SELECT $1, e.consumer, e.event_id FROM unnest($2::text[], $3::uuid[]) AS e (consumer, event_id)
   ORDER BY e.consumer, e.event_id
   ON CONFLICT DO NOTHING RETURNING consumer, event_id`,
);

export const deadLetterStatement = sql(
  'messaging.dead-event-keep',
  `INSERT INTO dead_event (tenant_id, consumer, event_id, topic, key, headers, value, reason, attempts)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   ON CONFLICT (tenant_id, consumer, event_id) WHERE replayed_at IS NULL
   DO UPDATE SET reason = excluded.reason, attempts = dead_event.attempts + excluded.attempts`,
);

export const deadStatement = sql(
  'messaging.dead-event-list',
  `SELECT id, tenant_id, consumer, topic, key, headers, value
   FROM dead_event
   WHERE replayed_at IS NULL AND discarded_at IS NULL AND ($1::uuid IS NULL OR id = $1)
   ORDER BY died_at, id
   LIMIT 1000`,
);

// Not the value and not the headers: who looks after the system needs no tenant's data for it.
export const deadListStatement = sql(
  'messaging.dead-event-show',
  `SELECT id, tenant_id AS "tenantId", consumer, event_id AS "eventId",
          headers ->> 'ce_type' AS type, topic, reason, attempts, died_at AS "diedAt",
          discarded_at AS "discardedAt", discarded_by AS "discardedBy", discard_reason AS "discardReason"
   FROM dead_event
   WHERE replayed_at IS NULL AND (discarded_at IS NOT NULL) = $2
   ORDER BY died_at, id
   LIMIT $1`,
);

export const deadCountStatement = sql(
  'messaging.dead-event-count',
  `SELECT consumer, count(*)::integer AS dead FROM dead_event
   WHERE replayed_at IS NULL AND discarded_at IS NULL GROUP BY consumer`,
);

// A redelivery finds its row and stays put away: see deadLetterStatement.
export const discardStatement = sql(
  'messaging.dead-event-discard',
  `UPDATE dead_event SET discarded_at = clock_timestamp(), discarded_by = $2, discard_reason = $3
   WHERE id = $1 AND replayed_at IS NULL AND discarded_at IS NULL RETURNING id`,
);

export const replayedStatement = sql(
  'messaging.dead-event-replayed',
  `UPDATE dead_event SET replayed_at = clock_timestamp()
   WHERE tenant_id = $1 AND id = $2 AND replayed_at IS NULL AND discarded_at IS NULL RETURNING id`,
);

export const replayFailedStatement = sql(
  'messaging.dead-event-replay-failed',
  `UPDATE dead_event SET reason = $3, attempts = attempts + 1
   WHERE tenant_id = $1 AND id = $2 AND replayed_at IS NULL`,
);
