import { sql, type Database } from '@onecount/db';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import { counter, type Logger } from '@onecount/telemetry';
import type { CheckoutDriver } from './checkout.driver.ts';

const batchMax = 50;
const intervalMs = 60_000;

// Without a lock or a lease: whoever comes second finds the basket void.
const idleStatement = sql(
  'pos.idle-baskets',
  `SELECT tenant_id, id FROM sale
    WHERE status = 'OPEN' AND opened_at <= now() - make_interval(secs => $1)
      AND active_at <= now() - make_interval(secs => $1)
    ORDER BY opened_at LIMIT $2`,
);

export type IdleBasketsDeps = {
  db: Database;
  driver: CheckoutDriver;
  log: Logger;
  backgroundLog: ServiceDeps['backgroundLog'];
  idleSeconds: number;
};

/** Ends baskets that are empty or abandoned: voided with the reason, nothing held any more. */
export function createIdleBaskets(deps: IdleBasketsDeps): Worker & { endIdle(): Promise<number> } {
  const endIdle = () => endOnce(deps);
  const worker = createWorker({
    name: 'idle-baskets',
    intervalMs,
    run: async () => {
      while ((await endIdle()) === batchMax);
    },
    onError: (err) => deps.backgroundLog.error({ err }, 'idle baskets were not ended'),
  });
  return { ...worker, endIdle };
}

const ended = counter<never>({
  name: 'onecount_sale_idle_ended_total',
  help: 'Baskets that ended because nothing was done in them any more',
  labelNames: [],
});

/** Returns how many it ended. */
async function endOnce({ db, driver, log, idleSeconds }: IdleBasketsDeps): Promise<number> {
  type Idle = { tenant_id: string; id: string };
  const idle = await db.asSystem('sweeper', (tx) =>
    tx.query<Idle>(idleStatement, [idleSeconds, batchMax]),
  );
  let count = 0;
  for (const { tenant_id: tenantId, id } of idle) {
    try {
      const end = await driver.endIdle({ tenantId, subject: 'pos-sweeper' }, id, idleSeconds);
      if (end) {
        count += 1;
        ended.inc();
      }
    } catch (err) {
      log.error({ err, saleId: id }, 'an idle basket was not ended');
    }
  }
  return count;
}
