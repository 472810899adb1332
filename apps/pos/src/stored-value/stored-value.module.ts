import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { createGiftCardLineService } from './gift-card-line.service.ts';
import { storedValueResolvers } from './stored-value.resolvers.ts';
import { createStoredValueService } from './stored-value.service.ts';

export const storedValueModule: Module<PosDeps> = {
  name: 'stored-value',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => {
    const values = createStoredValueService({ db });
    const lines = createGiftCardLineService({ db });
    return { resolvers: storedValueResolvers({ db, values, lines }) };
  },
};
