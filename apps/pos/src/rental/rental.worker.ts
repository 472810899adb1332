import type { Database } from '@onecount/db';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import type { Logger } from '@onecount/telemetry';
import type { RentalOutService } from './rental-out.service.ts';
import { takeDueRentals } from './rental.sql.ts';

const batchMax = 50;

type Deps = {
  db: Database;
  log: Logger;
  backgroundLog: ServiceDeps['backgroundLog'];
  outs: RentalOutService;
  settleSeconds: number;
  intervalMs: number;
};

/** Frees units that inventory keeps for attempts which nobody ends any more, and for rentals that are back. */
export function createRentalWorker(deps: Deps): Worker {
  const { db, log, outs } = deps;
  return createWorker({
    name: 'rentals',
    intervalMs: deps.intervalMs,
    async run() {
      const due = await takeDueRentals(db, { max: batchMax, retrySeconds: deps.settleSeconds });
      for (const { tenantId, id } of due) {
        try {
          await outs.settle({ tenantId, subject: 'pos-sweeper' }, id);
        } catch (err) {
          // One that cannot be ended must not keep the others waiting; its next attempt is noted.
          log.error({ err, rentalId: id }, 'a rental was not settled');
        }
      }
    },
    onError: (err) => deps.backgroundLog.error({ err }, 'rentals were not looked at'),
  });
}
