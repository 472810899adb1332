import { sql, type Database } from '@onecount/db';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import type { Logger } from '@onecount/telemetry';

// What somebody has to look after until it has ended stands in a table with `settle_after`: when.

const batchMax = 50;
const backoffSecondsMax = 60;

export type Due = { tenantId: string; id: string };
type TakeDue = (db: Database, pace: { retrySeconds: number }) => Promise<Due[]>;

/**
 * At most 50 rows whose time has come, the longest first. The lease and the pace of the attempts are one column: whoever takes
 * a row moves its time on, the farther the more often it was taken, and by a minute at most. SKIP LOCKED keeps replicas from
 * queueing behind each other. `attempts` is the column that counts.
 */
export function dueRowsOf(
  name: string,
  { table, attempts }: { table: string; attempts: string },
): TakeDue {
  const statement = sql(
    name,
    `WITH due AS (
       SELECT tenant_id, id FROM ${table} WHERE settle_after <= now()
        ORDER BY settle_after LIMIT $1 FOR UPDATE SKIP LOCKED)
     UPDATE ${table} t
        SET ${attempts} = t.${attempts} + 1,
            settle_after = clock_timestamp() + make_interval(
              secs => least($2::float8 * power(2, least(t.${attempts}, 16)), $3::float8))
       FROM due WHERE t.tenant_id = due.tenant_id AND t.id = due.id
     RETURNING t.tenant_id AS "tenantId", t.id`,
  );
  return (db, { retrySeconds }) =>
    db.asSystem('sweeper', (tx) =>
      tx.query(statement, [batchMax, retrySeconds, backoffSecondsMax]),
    );
}

type DueWorker = {
  name: string;
  db: Database;
  log: Logger;
  backgroundLog: ServiceDeps['backgroundLog'];
  take: TakeDue;
  /** One attempt to bring it to its end. */
  settle(caller: { tenantId: string; subject: string }, id: string): Promise<unknown>;
  retrySeconds: number;
  intervalMs: number;
};

/** Ends what nobody drives any more, one after the other. */
export function createDueWorker({
  name,
  db,
  log,
  backgroundLog,
  take,
  ...work
}: DueWorker): Worker {
  return createWorker({
    name,
    intervalMs: work.intervalMs,
    async run() {
      for (const { tenantId, id } of await take(db, work)) {
        try {
          await work.settle({ tenantId, subject: 'pos-sweeper' }, id);
        } catch (err) {
          // One that cannot be ended must not keep the others waiting; its next attempt is noted.
          log.error({ err, id, worker: name }, 'one of what is due was not settled');
        }
      }
    },
    onError: (err) => backgroundLog.error({ err, worker: name }, 'what is due was not looked at'),
  });
}
