import { sql } from '@onecount/db';

export const appendStatement = sql(
  'messaging.outbox-append',
  `INSERT INTO outbox (tenant_id, event_id, type, aggregate_id, sequence, data, traceparent, occurred_at)
   SELECT $1, e.event_id, e.type, e.aggregate_id, e.sequence, e.data, e.traceparent, e.occurred_at
   FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::json[], $7::text[], $8::timestamptz[])
     WITH ORDINALITY AS e (event_id, type, aggregate_id, sequence, data, traceparent, occurred_at, place)
   ORDER BY e.place`,
);

export const unpublishedStatement = sql(
  'messaging.outbox-unpublished',
  `SELECT position, tenant_id, event_id, type, aggregate_id, sequence, data::text AS data,
          traceparent, occurred_at
   FROM outbox
   WHERE published_at IS NULL AND refused_reason IS NULL
   ORDER BY position
   LIMIT $1`,
);

export const markPublishedStatement = sql(
  'messaging.outbox-mark-published',
  `UPDATE outbox SET published_at = clock_timestamp()
   WHERE position = ANY ($1::bigint[]) AND published_at IS NULL AND refused_reason IS NULL`,
);

export const refuseStatement = sql(
  'messaging.outbox-refuse',
  `UPDATE outbox SET refused_reason = $2
   WHERE position = $1 AND published_at IS NULL AND refused_reason IS NULL`,
);

export const countUnpublishedStatement = sql(
  'messaging.outbox-count-unpublished',
  `SELECT count(*)::integer AS unpublished FROM outbox
   WHERE published_at IS NULL AND refused_reason IS NULL`,
);

export const purgeStatement = sql(
  'messaging.outbox-purge',
  `DELETE FROM outbox
   WHERE occurred_at < clock_timestamp() - make_interval(days => $1)
     AND published_at < clock_timestamp() - make_interval(days => $1)`,
);
