import type pg from 'pg';

// Transactions of every process that ever opens this log wait for each other here.
const lockKey = 7_316_204_117;

// `offset` is a keyword of SQL; the column is named place. Fillfactor: rows that are updated all the
// time stay on their page (HOT), so that the poll reads one or two pages whatever happened.
const version1 = `
CREATE SCHEMA event_log;

CREATE TABLE event_log.topic (
  name         text    PRIMARY KEY,
  is_compacted boolean NOT NULL,
  partitions   integer NOT NULL CHECK (partitions > 0)
);

CREATE TABLE event_log.partition (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic      text    NOT NULL REFERENCES event_log.topic,
  number     integer NOT NULL,
  next_place bigint  NOT NULL DEFAULT 0,
  UNIQUE (topic, number)
) WITH (fillfactor = 50);

CREATE TABLE event_log.record (
  partition_id integer     NOT NULL,
  place        bigint      NOT NULL,
  key          text        NOT NULL,
  headers      json        NOT NULL,
  value        text        NOT NULL,
  appended_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (partition_id, place)
);

CREATE TABLE event_log.consumer_group (
  id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text    NOT NULL UNIQUE
);

CREATE TABLE event_log.committed (
  group_id     integer NOT NULL REFERENCES event_log.consumer_group,
  partition_id integer NOT NULL REFERENCES event_log.partition,
  next_place   bigint  NOT NULL,
  PRIMARY KEY (group_id, partition_id)
) WITH (fillfactor = 50);

-- Places are drawn under the row lock of their partition, which is held until the commit: a reader
-- that has seen place n has seen every place before it. A sequence would not promise that.
CREATE FUNCTION event_log.append(partition_ids integer[], keys text[], headers json[], bodies text[])
RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  -- In one order, so that two publishers never wait for each other in a circle.
  PERFORM 1 FROM event_log.partition p WHERE p.id = ANY (partition_ids) ORDER BY p.id FOR UPDATE;
  INSERT INTO event_log.record (partition_id, place, key, headers, value)
  SELECT p.id,
         p.next_place + row_number() OVER (PARTITION BY p.id ORDER BY m.position) - 1,
         m.key, m.headers, m.value
  FROM unnest(partition_ids, keys, headers, bodies)
         WITH ORDINALITY AS m (partition_id, key, headers, value, position)
  JOIN event_log.partition p ON p.id = m.partition_id
  ORDER BY m.position;
  UPDATE event_log.partition p SET next_place = p.next_place + added.messages
  FROM (SELECT id, count(*) AS messages FROM unnest(partition_ids) AS id GROUP BY id) AS added
  WHERE p.id = added.id;
  -- Members of all processes wait for it. Its lock, one for the whole server, is held by publishers only,
  -- each of which comes at most 25 times a second; what a shop waits for never takes it.
  NOTIFY event_log;
END $body$;
`;

/** Makes the log's tables if they are not there. Safe when many processes start at once. */
export async function migrateEventLog(client: pg.ClientBase): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    const { rows } = await client.query(
      `SELECT to_regnamespace('event_log') IS NOT NULL AS exists`,
    );
    if (!(rows[0] as { exists: boolean }).exists) await client.query(version1);
    await client.query('COMMIT');
  } catch (err) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw err;
  }
}
