import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { createPostVoidService } from './post-void.service.ts';
import { returnResolvers } from './return.resolvers.ts';
import { createReturnService } from './return.service.ts';

export const returnModule: Module<PosDeps> = {
  name: 'return',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, wakeRelay }) => ({
    resolvers: returnResolvers({
      db,
      returns: createReturnService({ db, wakeRelay }),
      postVoids: createPostVoidService({ db, wakeRelay }),
    }),
  }),
};
