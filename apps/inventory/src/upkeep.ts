import type { ServiceDeps } from '@onecount/service';
import { createInternalTokenVerifier } from '@onecount/identity';
import type { FastifyInstance } from 'fastify';
import { createBalanceKeeper } from './maintenance/balance/balance.keeper.ts';
import { balanceResolvers } from './maintenance/balance/balance.resolvers.ts';
import type { Config } from './config.ts';
import { ledgerCheckResolvers } from './maintenance/ledger-check/ledger-check.resolvers.ts';
import { createLedgerChecker } from './maintenance/ledger-check/ledger-checker.ts';
import type { Loaders } from './loaders.ts';
import { lowStockResolvers } from './maintenance/low-stock/low-stock.resolvers.ts';
import { republishResolvers } from './maintenance/republish/republish.resolvers.ts';
import { addRepublishRoutes } from './maintenance/republish/republish.routes.ts';
import { createRepublishService } from './maintenance/republish/republish.service.ts';
import { createRepublisher } from './maintenance/republish/republisher.ts';

type Deps = Pick<ServiceDeps<Config>, 'config' | 'db' | 'log' | 'wakeRelay'> & {
  onChange(): void;
  onError(err: unknown): void;
};

/** What keeps the count provable: its check, its balances, its events once more. */
export function createUpkeep({ config, db, log, wakeRelay, onChange, onError }: Deps) {
  const checker = createLedgerChecker({
    db,
    log,
    intervalMs: config.LEDGER_CHECK_MS,
    levelsMax: config.LEDGER_CHECK_LEVELS,
    onFound: wakeRelay,
    onError,
  });
  const onQueued = (): void => {
    onChange();
    wakeRelay();
  };
  const republisher = createRepublisher({ db, onQueued, onError });
  const republishes = createRepublishService({ db, onRequest: () => republisher.wake() });
  return {
    background: [checker, republisher, createBalanceKeeper({ db, onError })],
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
