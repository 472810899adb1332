import { sdlIn, type Module } from '@onecount/service';
import type { StorefrontDeps } from '../shared.ts';
import { connectionResolvers } from './connection.resolvers.ts';
import { createConnectionService } from './connection.service.ts';

export const connectionModule: Module<StorefrontDeps> = {
  name: 'connection',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, rule, worker }) => {
    const service = createConnectionService({ db, rule, wakeDelivery: worker.wake });
    return { resolvers: connectionResolvers({ db, service }) };
  },
};
