import { createWorker, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { refreshDue, refreshesMost } from './product-refresh.service.ts';

/** A renamed vendor or category stands in the events of its products, which may be thousands: they follow one by one. */
export const productRefreshModule: Module<CatalogDeps> = {
  name: 'product-refresh',
  start: ({ db, backgroundLog }) => ({
    background: [
      createWorker({
        name: 'product-refreshes',
        intervalMs: 1_000,
        async run(signal) {
          while (!signal.aborted && (await refreshDue(db)) === refreshesMost);
        },
        onError: (err) => backgroundLog.error({ err }, 'products could not be published again'),
      }),
    ],
  }),
};
