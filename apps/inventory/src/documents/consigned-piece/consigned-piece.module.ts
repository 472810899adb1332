import { sdlIn, type Module } from '@onecount/service';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { Shared } from '../../kernel/shared.ts';
import { createAdjustmentService } from '../adjustment/adjustment.service.ts';
import { createConsignedPieceService } from './consigned-piece.service.ts';

export const consignedPieceModule: Module<Shared> = {
  name: 'consigned-piece',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, onChange }) => {
    const adjustments = createAdjustmentService({ db, onChange });
    const pieces = createConsignedPieceService({ db, adjustments });
    return {
      resolvers: {
        Query: {
          pieceNamed: (_, { sku, serial }, { caller }) => pieces.named(caller, sku, serial ?? null),
        },
        Mutation: {
          consignedPieceLeave: (_, { input }, { caller }) => pieces.leave(caller, input),
        },
      } satisfies Pick<Resolvers, 'Query' | 'Mutation'>,
    };
  },
};
