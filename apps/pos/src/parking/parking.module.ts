import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { parkingResolvers } from './parking.resolvers.ts';
import { createParkingService } from './parking.service.ts';

export const parkingModule: Module<PosDeps> = {
  name: 'parking',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, log, inventory }) => ({
    resolvers: parkingResolvers({
      db,
      parking: createParkingService({
        ...{ db, log, inventory },
        holdSeconds: config.SALE_HOLD_SECONDS,
        parkedHoldSeconds: config.SALE_PARKED_HOLD_SECONDS,
      }),
    }),
  }),
};
