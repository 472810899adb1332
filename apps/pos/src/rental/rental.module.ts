import { sdlIn, type Module } from '@onecount/service';
import { createPieceClient } from '../consignment/piece.client.ts';
import { createDueWorker } from '../due-work.ts';
import type { PosDeps } from '../shared.ts';
import { createRentalClient } from './rental.client.ts';
import { createRentalOutService } from './rental-out.service.ts';
import { rentalResolvers } from './rental.resolvers.ts';
import { createRentalService } from './rental.service.ts';
import { takeDueRentals } from './rental.sql.ts';

export const rentalModule: Module<PosDeps> = {
  name: 'rental',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, log, backgroundLog, client, wakeRelay }) => {
    const inventory = client('inventory');
    const settleSeconds = config.SWEEP_AFTER_SECONDS;
    const units = createRentalClient(inventory);
    const outs = createRentalOutService({ db, units, log, settleSeconds });
    const pieces = createPieceClient(inventory);
    const { settle } = outs;
    const rentals = createRentalService({ db, pieces, wakeRelay, settle, settleSeconds });
    const intervalMs = config.SWEEP_INTERVAL_MS;
    return {
      resolvers: rentalResolvers({ db, rentals, outs }),
      background: [
        // Units that inventory keeps for attempts which nobody ends any more, and for rentals that are back.
        createDueWorker({
          ...{ name: 'rentals', take: takeDueRentals, settle },
          ...{ db, log, backgroundLog, retrySeconds: settleSeconds, intervalMs },
        }),
      ],
    };
  },
};
