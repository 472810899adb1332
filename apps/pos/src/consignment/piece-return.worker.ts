import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import type { PieceReturnDeps, PieceReturnService } from './piece-return.service.ts';
import { takeDueReturns } from './piece-return.sql.ts';

const batchMax = 50;

type Deps = Pick<PieceReturnDeps, 'db' | 'log' | 'settleSeconds'> & {
  returns: PieceReturnService;
  backgroundLog: ServiceDeps['backgroundLog'];
  intervalMs: number;
};

/** Ends returns to owners that nobody drives any more. */
export function createPieceReturnWorker(deps: Deps): Worker {
  const { db, log, returns } = deps;
  return createWorker({
    name: 'consignment-returns',
    intervalMs: deps.intervalMs,
    async run() {
      const due = await takeDueReturns(db, { max: batchMax, retrySeconds: deps.settleSeconds });
      for (const { tenantId, id } of due) {
        try {
          await returns.drive({ tenantId, subject: 'pos-sweeper' }, id);
        } catch (err) {
          // One that cannot be driven must not keep the others waiting; its next attempt is noted.
          log.error({ err, returnId: id }, 'a return to an owner was not ended');
        }
      }
    },
    onError: (err) => deps.backgroundLog.error({ err }, 'returns to owners were not looked at'),
  });
}
