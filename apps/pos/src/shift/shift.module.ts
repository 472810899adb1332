import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { shiftResolvers } from './shift.resolvers.ts';

export const shiftModule: Module<PosDeps> = {
  name: 'shift',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db }) => ({
    resolvers: shiftResolvers({ db, hoursMax: config.SHIFT_HOURS_MAX }),
  }),
};
