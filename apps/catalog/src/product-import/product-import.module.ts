import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { createFileKeeper } from './file-keeper.ts';
import { createImportRows } from './import-rows.routes.ts';
import { createImportRunner } from './import-runner.ts';
import { createImportWorker } from './import-worker.ts';
import { productImportResolvers } from './product-import.resolvers.ts';
import { createProductImportService } from './product-import.service.ts';

export const productImportModule: Module<CatalogDeps> = {
  name: 'product-import',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, log, backgroundLog, store, stock, inventory, reads }) => {
    const { IMPORT_LEASE_SECONDS: leaseSeconds, TIMEOUT_FACTOR: timeoutFactor } = config;
    const runner = createImportRunner({ db, store, stock, log, leaseSeconds, timeoutFactor });
    const worker = createImportWorker({ runner, log: backgroundLog, pollMs: 5_000 });
    const imports = createProductImportService({ db, inventory, wake: () => worker.wake() });
    const rows = createImportRows({ db, store, config });
    return {
      resolvers: productImportResolvers({ db, imports, reads, rows }),
      routes: rows.routes,
      background: [worker, createFileKeeper({ store, log: backgroundLog })],
    };
  },
};
