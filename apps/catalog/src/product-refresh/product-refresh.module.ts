import { createWorker, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { addRepublishRoutes } from './product-refresh.routes.ts';
import { refreshDue, refreshesMost } from './product-refresh.service.ts';

/** A renamed vendor or category stands in the events of its products, which may be thousands: they follow one by one. */
export const productRefreshModule: Module<CatalogDeps> = {
  name: 'product-refresh',
  start: ({ db, verifyInternalToken: verify, log, backgroundLog }) => {
    const worker = createWorker({
      name: 'product-refreshes',
      intervalMs: 1_000,
      async run(signal) {
        while (!signal.aborted && (await refreshDue(db)) === refreshesMost);
      },
      onError: (err) => backgroundLog.error({ err }, 'products could not be published again'),
    });
    return {
      background: [worker],
      routes: (app) => addRepublishRoutes(app, { db, verify, log, onRequest: worker.wake }),
    };
  },
};
