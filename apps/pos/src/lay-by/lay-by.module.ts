import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { createLayByEndService } from './lay-by-end.service.ts';
import { createLayByReminders } from './lay-by-reminders.ts';
import { layByResolvers } from './lay-by.resolvers.ts';
import { createLayByService } from './lay-by.service.ts';

export const layByModule: Module<PosDeps> = {
  name: 'lay-by',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, log, backgroundLog, wakeRelay, checkout }) => {
    const layBys = createLayByService(checkout.parts);
    const ends = createLayByEndService(checkout.parts);
    return {
      resolvers: layByResolvers({ db, layBys, ends }),
      background: [createLayByReminders({ db, log, backgroundLog, wakeRelay })],
    };
  },
};
