import type { ServiceDeps } from '@onecount/service';
import { createInternalTokenVerifier } from '@onecount/identity';
import type { FastifyInstance } from 'fastify';
import { createBalanceWorker } from './maintenance/balance/balance.worker.ts';
import { balanceResolvers } from './maintenance/balance/balance.resolvers.ts';
import type { Config } from './config.ts';
import { ledgerCheckResolvers } from './maintenance/ledger-check/ledger-check.resolvers.ts';
import { createLedgerCheckWorker } from './maintenance/ledger-check/ledger-check.worker.ts';
import type { Loaders } from './loaders.ts';
import { lowStockResolvers } from './maintenance/low-stock/low-stock.resolvers.ts';
import { createLowStockWorker } from './maintenance/low-stock/low-stock.worker.ts';
import { republishResolvers } from './maintenance/republish/republish.resolvers.ts';
import { addRepublishRoutes } from './maintenance/republish/republish.routes.ts';
import { createRepublishService } from './maintenance/republish/republish.service.ts';
import { createRepublishWorker } from './maintenance/republish/republish.worker.ts';

type Deps = Pick<ServiceDeps<Config>, 'config' | 'db' | 'log' | 'wakeRelay'> & {
  onChange(): void;
  onError(err: unknown): void;
};

/** What keeps the count provable: its check, its balances, its events once more. */
export function createUpkeep({ config, db, log, wakeRelay, onChange, onError }: Deps) {
  const checker = createLedgerCheckWorker({
    db,
    log,
    intervalMs: config.LEDGER_CHECK_MS,
    levelsMax: config.LEDGER_CHECK_LEVELS,
    onFound: wakeRelay,
    onError,
  });
  const lowStock = createLowStockWorker({
    db,
    intervalMs: config.LEVEL_PUBLISH_MS,
    onEvaluated: wakeRelay,
    onError,
  });
  const onQueued = (): void => {
    onChange();
    wakeRelay();
  };
  const republisher = createRepublishWorker({ db, onQueued, onError });
  const republishes = createRepublishService({ db, onRequest: () => republisher.wake() });
  return {
    onPublished: () => lowStock.wake(),
    background: [checker, lowStock, republisher, createBalanceWorker({ db, onError })],
    resolvers: (loaders: Loaders): object[] => [
      balanceResolvers({ db, loaders }),
      ledgerCheckResolvers({ db, loaders }),
      lowStockResolvers({ db, loaders }),
      republishResolvers({ republishes }),
    ],
    routes(app: FastifyInstance): void {
      const trustedJwks = config.INTERNAL_TRUSTED_KEYS;
      const verify = createInternalTokenVerifier({ audience: 'inventory', trustedJwks });
      addRepublishRoutes(app, { republishes, verify, log });
    },
  };
}
