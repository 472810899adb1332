import type { Module } from '@onecount/service';
import type { Shared } from '../shared.ts';
import { createLevelPublisher } from './level.publisher.ts';

export const levelModule: Module<Shared> = {
  name: 'level',
  start({ config, db, stockChanged, lowStockDue, wakeRelay, onError }) {
    const publisher = createLevelPublisher({
      db,
      intervalMs: config.LEVEL_PUBLISH_MS,
      onPublished: wakeRelay,
      onLowStockDue: () => lowStockDue.emit(),
      onError,
    });
    stockChanged.listen(() => publisher.wake());
    return { background: [publisher] };
  },
};
