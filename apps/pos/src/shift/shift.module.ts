import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { createShiftCloseService } from './shift-close.service.ts';
import { shiftResolvers } from './shift.resolvers.ts';

export const shiftModule: Module<PosDeps> = {
  name: 'shift',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, checkout }) => {
    const closing = createShiftCloseService({ db, settleSale: checkout.driver.settle });
    return { resolvers: shiftResolvers({ db, closing, hoursMax: config.SHIFT_HOURS_MAX }) };
  },
};
