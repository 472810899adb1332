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
 * One attempt: BEGIN with its settings in one round trip (simple protocol), the work, COMMIT.
 * A returned refusal and every error roll back. Throws what the work threw.
 */
export async function runTransaction<T>(step: Step<T>): Promise<T> {
  const { client, fn } = step;
  const hooks = new Set<() => void>();
  await client.query(step.begin);
  const result = await rollingBackOnThrow(client, () => fn(txOn(step, hooks)));
  if (isRefusal(result)) {
    await client.query('ROLLBACK');
    return result;
  }
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new TransactionAbortedError();
  runHooks(hooks, step.onHookError);
  return result;
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
