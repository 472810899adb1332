import type { Statement } from '@onecount/db';
import type pg from 'pg';
import { commitEveryMessages, commitEveryMs, type ReceivedMessage } from '../transport.ts';
import type { EmbeddedSubscriptionDeps } from './embedded.subscription.ts';
import {
  behindStatement,
  claimPartitionsStatement,
  commitStatement,
  committedStatement,
  countMembersStatement,
  enterGroupStatement,
  fetchStatement,
  groupStatement,
  partitionsStatement,
  releasePartitionStatement,
} from './event-log.sql.ts';
import type { PartitionWorker } from './partition-worker.ts';

type Partition = { id: number; topic: string; number: number };
type Owned = { next: number; done: number; committed: number };
type FetchedRow = {
  partition_id: number;
  place: string;
  key: string;
  headers: Record<string, string>;
  value: string;
};

export type GroupMember = {
  /** Takes free partitions up to a fair share, and gives back what is above it. */
  balance(): Promise<void>;
  /** Hands new messages of its idle partitions to the worker. */
  fetch(): Promise<void>;
  /** Writes down what is done. */
  commit(): Promise<void>;
  /** The same, when it is long ago or much. */
  commitIfDue(): Promise<void>;
};

const messagesPerFetch = 100;

export async function createGroupMember(args: {
  client: pg.Client;
  deps: EmbeddedSubscriptionDeps;
  worker: PartitionWorker;
}): Promise<GroupMember> {
  const { client, deps, worker } = args;
  const ask = async <Row>(statement: Statement, values: unknown[]): Promise<Row[]> =>
    (await client.query({ ...statement, values })).rows as Row[];
  const topics = deps.options.topics.map((name) => deps.prefix + name);
  const partitions = await ask<Partition>(partitionsStatement, [topics]);
  const byId = new Map(partitions.map((partition) => [partition.id, partition]));
  const groups = await ask<{ id: number }>(groupStatement, [deps.prefix + deps.options.group]);
  const groupId = groups[0]!.id;
  const owned = new Map<number, Owned>();
  await ask(enterGroupStatement, [groupId]);

  async function balance(): Promise<void> {
    const [count] = await ask<{ members: number }>(countMembersStatement, [groupId]);
    const share = Math.ceil(partitions.length / Math.max(1, count?.members ?? 1));
    if (owned.size > share) await release(owned.size - share);
    if (owned.size < share) await claim(share - owned.size);
  }

  async function claim(wanted: number): Promise<void> {
    const free = partitions.map(({ id }) => id).filter((id) => !owned.has(id));
    const claimed = await ask<{ id: number }>(claimPartitionsStatement, [groupId, free, wanted]);
    if (claimed.length === 0) return;
    const ids = claimed.map(({ id }) => id);
    type Committed = { id: number; next_place: string };
    for (const { id, next_place } of await ask<Committed>(committedStatement, [groupId, ids])) {
      const next = Number(next_place);
      owned.set(id, { next, done: next, committed: next });
    }
  }

  /** Only idle partitions: one in work is given back at a later look. */
  async function release(surplus: number): Promise<void> {
    const idle = [...owned.keys()].filter((id) => !worker.isBusy(id)).slice(0, surplus);
    await commit();
    for (const id of idle) {
      owned.delete(id);
      await ask(releasePartitionStatement, [groupId, id]);
    }
  }

  async function fetch(): Promise<void> {
    const idle = [...owned].filter(([id]) => !worker.isBusy(id));
    if (idle.length === 0) return;
    const behind = await ask<{ id: number; next_place: string }>(behindStatement, placesOf(idle));
    if (behind.length === 0) return;
    const wanted = behind.map(({ id }) => [id, owned.get(id)!] as const);
    const rows = await ask<FetchedRow>(fetchStatement, [...placesOf(wanted), messagesPerFetch]);
    const byPartition = Map.groupBy(rows, ({ partition_id }) => partition_id);
    for (const { id, next_place } of behind)
      start(id, byPartition.get(id) ?? [], Number(next_place));
  }

  function start(id: number, rows: FetchedRow[], end: number): void {
    const mine = owned.get(id)!;
    if (rows.length === 0) {
      // Everything up to the end was compacted away or has expired.
      Object.assign(mine, { next: end, done: end });
      return;
    }
    mine.next = Number(rows.at(-1)!.place) + 1;
    const messages = rows.map((row) => messageFrom(row, byId.get(id)!, deps.prefix));
    worker.work(id, messages, ({ offset }) => void (mine.done = Number(offset) + 1));
  }

  async function commit(): Promise<void> {
    const ahead = [...owned].filter(([, { done, committed }]) => done > committed);
    if (ahead.length === 0) return;
    const done = ahead.map(([, mine]) => mine.done);
    await ask(commitStatement, [groupId, ahead.map(([id]) => id), done]);
    ahead.forEach(([, mine], index) => void (mine.committed = done[index]!));
  }

  let committedAt = -Infinity;

  async function commitIfDue(): Promise<void> {
    const ahead = [...owned.values()].reduce((sum, mine) => sum + mine.done - mine.committed, 0);
    if (ahead < commitEveryMessages && performance.now() - committedAt < commitEveryMs) return;
    committedAt = performance.now();
    await commit();
  }

  return { balance, fetch, commit, commitIfDue };
}

const placesOf = (list: readonly (readonly [number, Owned])[]) => [
  list.map(([id]) => id),
  list.map(([, { next }]) => next),
];

function messageFrom(row: FetchedRow, partition: Partition, prefix: string): ReceivedMessage {
  return {
    topic: partition.topic.slice(prefix.length),
    key: row.key,
    headers: row.headers,
    value: row.value,
    partition: partition.number,
    offset: row.place,
  };
}
