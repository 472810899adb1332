import { sdlIn, type Module } from '@onecount/service';
import { createDueWorker } from '../due-work.ts';
import type { PosDeps } from '../shared.ts';
import { consignmentResolvers } from './consignment.resolvers.ts';
import { createConsignmentService } from './consignment.service.ts';
import { createPieceClient } from './piece.client.ts';
import { createPieceReturnService } from './piece-return.service.ts';
import { takeDueReturns } from './piece-return.sql.ts';

export const consignmentModule: Module<PosDeps> = {
  name: 'consignment',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, log, backgroundLog, client, locations }) => {
    const pieces = createPieceClient(client('inventory'));
    const settleSeconds = config.SWEEP_AFTER_SECONDS;
    const returns = createPieceReturnService({ db, pieces, locations, log, settleSeconds });
    const consignments = createConsignmentService({ db, pieces });
    const intervalMs = config.SWEEP_INTERVAL_MS;
    return {
      resolvers: consignmentResolvers({ db, consignments, returns }),
      background: [
        // Returns to owners that nobody drives any more.
        createDueWorker({
          ...{ name: 'consignment-returns', take: takeDueReturns, settle: returns.drive },
          ...{ db, log, backgroundLog, retrySeconds: settleSeconds, intervalMs },
        }),
      ],
    };
  },
};
