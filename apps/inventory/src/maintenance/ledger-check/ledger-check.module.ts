import { sdlIn, type Module } from '@onecount/service';
import { locationLoaders } from '../../kernel/location/location.loaders.ts';
import { unitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { ledgerCheckResolvers } from './ledger-check.resolvers.ts';
import { createLedgerCheckWorker } from './ledger-check.worker.ts';

export const ledgerCheckModule: Module<Shared> = {
  name: 'ledger-check',
  typeDefs: sdlIn(import.meta.dirname),
  start({ config, db, log, wakeRelay, onError }) {
    const loaders = { ...itemLoaders(db), ...locationLoaders(db), ...unitLoaders(db) };
    const worker = createLedgerCheckWorker({
      db,
      log,
      intervalMs: config.LEDGER_CHECK_MS,
      levelsMax: config.LEDGER_CHECK_LEVELS,
      onFound: wakeRelay,
      onError,
    });
    return { resolvers: ledgerCheckResolvers({ db, loaders }), background: [worker] };
  },
};
