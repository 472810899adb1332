import type { Writable } from 'node:stream';
import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import { isRefusal } from '@onecount/refusal';
import type { Statement } from './statement.ts';

export type Tx = {
  readonly tenantId: string;
  query<Row = Record<string, unknown>>(
    statement: Statement | string,
    values?: unknown[],
  ): Promise<Row[]>;
  /** Runs once, however often it is given, after COMMIT has been acknowledged; never when the transaction rolled back. */
  afterCommit(fn: () => void): void;
};
/** The same connection and transaction with TypeORM on top. */
export type EntityTx = Tx & { readonly manager: EntityManager };

/** A statement failed inside and the error was swallowed: PostgreSQL answered COMMIT with ROLLBACK. */
export class TransactionAbortedError extends Error {
  constructor() {
    super('the transaction had failed before COMMIT and was rolled back');
    this.name = 'TransactionAbortedError';
  }
}

export function queryOn(client: Pick<PoolClient, 'query'>): Tx['query'] {
  return async <Row>(statement: Statement | string, values?: unknown[]) => {
    const text = typeof statement === 'string' ? { text: statement } : { ...statement };
    const result = await client.query({ ...text, values });
    return result.rows as Row[];
  };
}

type Step<T> = {
  client: PoolClient;
  begin: string;
  tenantId: string | undefined;
  fn: (tx: Tx) => Promise<T>;
  onHookError: (err: Error) => void;
};

/**
 * One attempt: BEGIN with its settings, the work, COMMIT. BEGIN travels with the first statement of the work.
 * A returned refusal and every error roll back. Throws what the work threw.
 */
export async function runTransaction<T>(step: Step<T>): Promise<T> {
  const { client, fn } = step;
  const hooks = new Set<() => void>();
  const begun = beginWithNext(step);
  const result = await rollingBackOnThrow(client, () => fn(txOn(step, hooks)));
  await begun;
  if (isRefusal(result)) {
    await client.query('ROLLBACK');
    return result;
  }
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new TransactionAbortedError();
  runHooks(hooks, step.onHookError);
  return result;
}

/** The same, READ ONLY, for work that asks one statement: it travels with BEGIN and COMMIT. A second one throws. */
export async function runSingleRead<T>(step: Step<T>): Promise<T> {
  const { client } = step;
  const begun = beginWithNext(step);
  const tx = txOn(step, new Set());
  let ended: Promise<unknown> | undefined;
  const query: Tx['query'] = (statement, values) => {
    if (ended) throw new Error('a single read has asked a second statement');
    const rows = tx.query<never>(statement, values);
    ended = handled(client.query('COMMIT'));
    return rows;
  };
  try {
    return await step.fn({ ...tx, query });
  } finally {
    await begun;
    await (ended ?? client.query('COMMIT'));
  }
}

// BEGIN can fail only with the connection, and then nothing behind it runs. If it ever ran without, row-level
// security would show it nothing: the tenant is set in BEGIN's own message.
function beginWithNext({ client, begin }: Pick<Step<unknown>, 'client' | 'begin'>) {
  inOneWrite(client);
  return handled(client.query(begin));
}

/** What is asked in this turn of the event loop leaves in one write: pg would make a system call for each. */
function inOneWrite(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  process.nextTick(() => void stream.uncork());
}

// Awaited later than what may fail first: Node must not take it for an error that nobody looks at.
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function txOn<T>(step: Step<T>, hooks: Set<() => void>): Tx {
  const { client, tenantId } = step;
  return {
    get tenantId() {
      if (tenantId === undefined) throw new Error('a system transaction has no tenant');
      return tenantId;
    },
    query: queryOn(client),
    afterCommit: (hook) => void hooks.add(hook),
  };
}

export async function rollingBackOnThrow<T>(
  client: Pick<PoolClient, 'query'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (err) {
    // A failing ROLLBACK means that the connection is gone, and the transaction with it: the first
    // error is the one that explains; the caller of this discards the connection by it.
    await client.query('ROLLBACK').catch((lost: Error) => Object.assign(asError(err), { lost }));
    throw err;
  }
}

// The change is committed: a failing hook must not make the caller believe otherwise.
export function runHooks(hooks: Iterable<() => void>, onHookError: (err: Error) => void): void {
  for (const hook of hooks) {
    try {
      hook();
    } catch (err) {
      onHookError(asError(err));
    }
  }
}

function asError(err: unknown): Error {
  return err instanceof Error ? err : new Error(String(err));
}
