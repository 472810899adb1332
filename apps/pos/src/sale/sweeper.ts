import type { Database } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import { counter, type Logger } from '@onecount/telemetry';
import { dueRowsOf, type Due } from '../due-work.ts';
import type { CheckoutDriver } from './checkout.driver.ts';

const workersMax = 4;

const takeDueSales = dueRowsOf('pos.sweep-take', { table: 'sale', attempts: 'settle_attempts' });

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
  const due = await takeDueSales(db, settings);
  if (due.length === 0) return 0;
  crashAt('sweep.after-claim');
  const queue = [...due];
  const work = async () => {
    for (let sale = queue.shift(); sale; sale = queue.shift()) await settleOne(sale);
  };
  const settleOne = async ({ tenantId, id }: Due) => {
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
