import type pg from 'pg';
import { GroupInUseError, type RewindOptions, type Rewound } from '../transport.ts';
import { aloneInGroupStatement, rewindStatement } from './event-log.sql.ts';

/** As Transport.rewind, in a transaction of the client's own. */
export async function rewindGroup(
  client: pg.PoolClient,
  prefix: string,
  { group, topics, since, isDryRun }: RewindOptions,
): Promise<Rewound[]> {
  const name = prefix + group;
  await client.query('BEGIN');
  try {
    if (!isDryRun) await expectNoMembers(client, name);
    const values = [name, topics.map((topic) => prefix + topic), since, isDryRun];
    const { rows } = await client.query<{ topic: string; messages: string }>({
      ...rewindStatement,
      values,
    });
    await client.query('COMMIT');
    return rows.map(({ topic, messages }) => ({
      topic: topic.slice(prefix.length),
      messages: Number(messages),
    }));
  } catch (err) {
    await client.query('ROLLBACK');
    throw err;
  }
}

async function expectNoMembers(client: pg.PoolClient, name: string): Promise<void> {
  const { rows } = await client.query<{ is_alone: boolean }>({
    ...aloneInGroupStatement,
    values: [name],
  });
  if (rows[0]?.is_alone === false) throw new GroupInUseError(`${name} has members: end them first`);
}
