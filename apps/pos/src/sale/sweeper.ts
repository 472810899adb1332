import { sql, type Database } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import { counter, type Logger } from '@onecount/telemetry';
import type { CheckoutDriver } from './checkout.driver.ts';

const batchMax = 50;
const workersMax = 4;
const backoffSecondsMax = 60;

type Unsettled = { tenant_id: string; id: string };

// The lease and the pace of the attempts are one column: whoever takes a sale moves its time on, the
// farther the more often it was taken. SKIP LOCKED keeps replicas from queueing behind each other.
const takeStatement = sql(
  'pos.sweep-take',
  `WITH due AS (
     SELECT tenant_id, id FROM sale WHERE settle_after <= now()
      ORDER BY settle_after LIMIT $1 FOR UPDATE SKIP LOCKED)
   UPDATE sale s
      SET settle_attempts = s.settle_attempts + 1,
          settle_after = clock_timestamp() + make_interval(
            secs => least($2::float8 * power(2, least(s.settle_attempts, 16)), $3::float8))
     FROM due WHERE s.tenant_id = due.tenant_id AND s.id = due.id
   RETURNING s.tenant_id, s.id`,
);

export type SweeperDeps = {
  db: Database;
  driver: CheckoutDriver;
  log: Logger;
  backgroundLog: ServiceDeps['backgroundLog'];
  settings: { intervalMs: number; retrySeconds: number };
};

/** Drives what nobody drives any more: checkouts without an outcome, void sales not yet released. */
export function createSweeper(deps: SweeperDeps): Worker & { sweep(): Promise<number> } {
  const worker = createWorker({
    name: 'sale-sweeper',
    intervalMs: deps.settings.intervalMs,
    run: async () => void (await sweep(deps)),
    onError: (err) => deps.backgroundLog.error({ err }, 'sweep failed'),
  });
  return { ...worker, sweep: () => sweep(deps) };
}

const settled = counter<'status'>({
  name: 'onecount_sale_swept_total',
  help: 'Sales that the sweeper looked after, by the status it left them in',
  labelNames: ['status'],
});

/** Returns how many sales it looked after. */
async function sweep({ db, driver, log, settings }: SweeperDeps): Promise<number> {
  crashAt('sweep.before');
  const due = await db.asSystem('sweeper', (tx) =>
    tx.query<Unsettled>(takeStatement, [batchMax, settings.retrySeconds, backoffSecondsMax]),
  );
  if (due.length === 0) return 0;
  crashAt('sweep.after-claim');
  const queue = [...due];
  const work = async () => {
    for (let sale = queue.shift(); sale; sale = queue.shift()) await settleOne(sale);
  };
  const settleOne = async ({ tenant_id: tenantId, id }: Unsettled) => {
    try {
      const end = await driver.settle({ tenantId, subject: 'pos-sweeper' }, id);
      settled.inc({ status: end?.status ?? 'GONE' });
    } catch (err) {
      // One sale that cannot be driven must not keep the others waiting; its next attempt is noted.
      log.error({ err, saleId: id }, 'sale was not settled');
    }
  };
  await Promise.all(Array.from({ length: workersMax }, work));
  return due.length;
}
