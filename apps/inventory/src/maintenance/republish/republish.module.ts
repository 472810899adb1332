import { createInternalTokenVerifier } from '@onecount/identity';
import { sdlIn, type Module } from '@onecount/service';
import type { Shared } from '../../kernel/shared.ts';
import { republishResolvers } from './republish.resolvers.ts';
import { addRepublishRoutes } from './republish.routes.ts';
import { createRepublishService } from './republish.service.ts';
import { createRepublishWorker } from './republish.worker.ts';

export const republishModule: Module<Shared> = {
  name: 'republish',
  typeDefs: sdlIn(import.meta.dirname),
  start({ config, db, log, onChange, wakeRelay, onError }) {
    const onQueued = (): void => {
      onChange();
      wakeRelay();
    };
    const worker = createRepublishWorker({ db, onQueued, onError });
    const republishes = createRepublishService({ db, onRequest: () => worker.wake() });
    return {
      resolvers: republishResolvers({ republishes }),
      routes(app): void {
        const trustedJwks = config.INTERNAL_TRUSTED_KEYS;
        const verify = createInternalTokenVerifier({ audience: 'inventory', trustedJwks });
        addRepublishRoutes(app, { republishes, verify, log });
      },
      background: [worker],
    };
  },
};
