import { sql } from '@onecount/db';

export const createTopicStatement = sql(
  'event-log.create-topic',
  `WITH created AS (
     INSERT INTO event_log.topic (name, is_compacted, partitions) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING RETURNING name, partitions
   )
   INSERT INTO event_log.partition (topic, number)
   SELECT name, number FROM created, generate_series(0, partitions - 1) AS number`,
);

export const partitionsStatement = sql(
  'event-log.partitions',
  `SELECT id, topic, number FROM event_log.partition WHERE topic = ANY ($1) ORDER BY topic, number`,
);

export const appendStatement = sql(
  'event-log.append',
  `SELECT event_log.append($1::integer[], $2::text[], $3::json[], $4::text[])`,
);

export const groupStatement = sql(
  'event-log.group',
  `WITH created AS (
     INSERT INTO event_log.consumer_group (name) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id
   )
   SELECT id FROM created UNION ALL SELECT id FROM event_log.consumer_group WHERE name = $1`,
);

// At the end of every partition, for a group that nobody else is in.
export const beginAtEndStatement = sql(
  'event-log.begin-at-end',
  `INSERT INTO event_log.committed (group_id, partition_id, next_place)
   SELECT $1, p.id, p.next_place FROM event_log.partition p WHERE p.topic = ANY ($2)`,
);

export const forgetGroupStatement = sql(
  'event-log.forget-group',
  `WITH places AS (DELETE FROM event_log.committed WHERE group_id = $1)
   DELETE FROM event_log.consumer_group WHERE id = $1`,
);

// Advisory locks of two numbers: (group, 0) shared by its members, (group, partition) by its owner.
// They end with the session, so a member that is killed is gone at once, without any heartbeat.
export const enterGroupStatement = sql(
  'event-log.enter-group',
  `SELECT pg_advisory_lock_shared($1, 0)`,
);

export const countMembersStatement = sql(
  'event-log.count-members',
  `SELECT count(*)::integer AS members FROM pg_locks
   WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND objid = 0 AND classid = $1::integer::oid
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
);

export const claimPartitionsStatement = sql(
  'event-log.claim-partitions',
  `SELECT id FROM unnest($2::integer[]) AS id WHERE pg_try_advisory_lock($1, id) LIMIT $3`,
);

// A statement of its own: the snapshot of the one that takes the lock may be older than the last
// commit of the owner before.
export const committedStatement = sql(
  'event-log.committed',
  `SELECT id, coalesce(c.next_place, 0) AS next_place
   FROM unnest($2::integer[]) AS id
   LEFT JOIN event_log.committed c ON c.group_id = $1 AND c.partition_id = id`,
);

export const releasePartitionStatement = sql(
  'event-log.release-partition',
  `SELECT pg_advisory_unlock($1, $2)`,
);

export const behindStatement = sql(
  'event-log.behind',
  `SELECT p.id, p.next_place FROM unnest($1::integer[], $2::bigint[]) AS mine (id, next_place)
   JOIN event_log.partition p ON p.id = mine.id
   WHERE p.next_place > mine.next_place`,
);

export const fetchStatement = sql(
  'event-log.fetch',
  `SELECT r.partition_id, r.place, r.key, r.headers, r.value
   FROM unnest($1::integer[], $2::bigint[]) AS mine (id, next_place)
   CROSS JOIN LATERAL (
     SELECT * FROM event_log.record r
     WHERE r.partition_id = mine.id AND r.place >= mine.next_place
     ORDER BY r.place LIMIT $3
   ) AS r
   ORDER BY r.partition_id, r.place`,
);

// Never backwards: a member that lost its partition may still commit what it had in work.
export const commitStatement = sql(
  'event-log.commit',
  `INSERT INTO event_log.committed AS c (group_id, partition_id, next_place)
   SELECT $1, mine.id, mine.next_place
   FROM unnest($2::integer[], $3::bigint[]) AS mine (id, next_place) ORDER BY mine.id
   ON CONFLICT (group_id, partition_id)
   DO UPDATE SET next_place = greatest(c.next_place, excluded.next_place)`,
);

export const lagStatement = sql(
  'event-log.lag',
  `SELECT coalesce(sum(p.next_place - greatest(coalesce(c.next_place, 0), oldest.place)), 0)::bigint AS lag
   FROM event_log.partition p
   LEFT JOIN event_log.consumer_group g ON g.name = $1
   LEFT JOIN event_log.committed c ON c.group_id = g.id AND c.partition_id = p.id
   CROSS JOIN LATERAL (
     SELECT coalesce(min(r.place), p.next_place) AS place
     FROM event_log.record r WHERE r.partition_id = p.id
   ) AS oldest
   WHERE p.topic = ANY ($2)`,
);

// Alone in the group until the transaction ends: a member that comes waits, and then begins at the new places.
export const aloneInGroupStatement = sql(
  'event-log.alone-in-group',
  `SELECT pg_try_advisory_xact_lock(id, 0) AS is_alone FROM event_log.consumer_group WHERE name = $1`,
);

export const rewindStatement = sql(
  'event-log.rewind',
  `WITH back AS (
     SELECT c.group_id, c.partition_id, p.topic, c.next_place, first.place
     FROM event_log.committed c
     JOIN event_log.consumer_group g ON g.id = c.group_id AND g.name = $1
     JOIN event_log.partition p ON p.id = c.partition_id AND p.topic = ANY ($2)
     CROSS JOIN LATERAL (
       SELECT min(r.place) AS place FROM event_log.record r
       WHERE r.partition_id = p.id AND r.appended_at >= $3
     ) AS first
     WHERE first.place < c.next_place
   ), moved AS (
     UPDATE event_log.committed c SET next_place = back.place FROM back
     WHERE NOT $4 AND c.group_id = back.group_id AND c.partition_id = back.partition_id
   )
   SELECT t.topic, coalesce(sum(back.next_place - back.place), 0)::bigint AS messages
   FROM unnest($2::text[]) WITH ORDINALITY AS t (topic, place) LEFT JOIN back USING (topic)
   GROUP BY t.topic, t.place ORDER BY t.place`,
);

export const compactStatement = sql(
  'event-log.compact',
  `DELETE FROM event_log.record r
   USING (SELECT r.partition_id, r.key, max(r.place) AS newest
          FROM event_log.record r
          JOIN event_log.partition p ON p.id = r.partition_id
          JOIN event_log.topic t ON t.name = p.topic AND t.is_compacted
          GROUP BY r.partition_id, r.key) AS kept
   WHERE r.partition_id = kept.partition_id AND r.key = kept.key AND r.place < kept.newest
     AND r.appended_at < clock_timestamp() - make_interval(secs => $1)`,
);

export const expireStatement = sql(
  'event-log.expire',
  `DELETE FROM event_log.record r
   USING event_log.partition p, event_log.topic t
   WHERE p.id = r.partition_id AND t.name = p.topic AND NOT t.is_compacted
     AND r.appended_at < clock_timestamp() - make_interval(days => $1)`,
);
