import pg, { type PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { isRefusal } from '@onecount/refusal';
import type { TenantId } from './ids.ts';
import { breaksConnection } from './pg-errors.ts';
import {
  queryOn,
  rollingBackOnThrow,
  runHooks,
  TransactionAbortedError,
  type EntityTx,
} from './transaction.ts';

type Step<T> = {
  dataSource: DataSource;
  tenantId: TenantId;
  actor: string | undefined;
  fn: (tx: EntityTx) => Promise<T>;
  onHookError: (err: Error) => void;
};

type Released = { releasePostgresConnection(err?: Error): Promise<void> };

/**
 * The transaction of `inTransaction` on a QueryRunner's connection. TypeORM learns it by startTransaction
 * that one is open (else every save() would open and commit its own), so BEGIN costs its own round trip.
 */
export async function entityTransaction<T>(step: Step<T>): Promise<T> {
  const runner = step.dataSource.createQueryRunner('master');
  let broken: Error | undefined;
  try {
    const client = (await runner.connect()) as PoolClient;
    await runner.startTransaction();
    return await rollingBackOnThrow(client, () => workOn(client, runner.manager, step));
  } catch (err) {
    if (breaksConnection(err) || (err instanceof Error && 'lost' in err)) broken = err as Error;
    throw err;
  } finally {
    await (runner as unknown as Released).releasePostgresConnection(broken);
  }
}

// Triggers and defaults write down who did it. SET takes no parameters, so the name is quoted.
function settingsOf({ tenantId, actor = '' }: Pick<Step<unknown>, 'tenantId' | 'actor'>): string {
  const name = pg.escapeLiteral(actor.replaceAll('\0', '').slice(0, 255));
  return `SET LOCAL app.tenant = '${tenantId}'; SET LOCAL app.actor = ${name}`;
}

async function workOn<T>(
  client: PoolClient,
  manager: EntityTx['manager'],
  step: Step<T>,
): Promise<T> {
  await client.query(settingsOf(step));
  const hooks = new Set<() => void>();
  const result = await step.fn({
    tenantId: step.tenantId,
    query: queryOn(client),
    afterCommit: (hook) => void hooks.add(hook),
    manager,
  });
  if (isRefusal(result)) {
    await client.query('ROLLBACK');
    return result;
  }
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new TransactionAbortedError();
  runHooks(hooks, step.onHookError);
  return result;
}
