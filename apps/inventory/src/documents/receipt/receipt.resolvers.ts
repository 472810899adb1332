import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import type { LocationLoaders } from '../../kernel/location/location.loaders.ts';
import type { UnitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { ReceiptService } from './receipt.service.ts';

type Loaders = ItemLoaders & LocationLoaders & UnitLoaders;

export function receiptResolvers(deps: {
  receipts: ReceiptService;
  loaders: Loaders;
}): Pick<Resolvers, 'StockReceiveLine' | 'Mutation'> {
  const { receipts, loaders } = deps;
  return {
    StockReceiveLine: {
      stockItem: async (line, _, context) => (await loaders.itemById(context, line.stockItemId))!,
      location: async (line, _, context) => (await loaders.location(context, line.locationId))!,
      units: async (line, _, context) => {
        const units = await Promise.all(line.unitIds.map((id) => loaders.unit(context, id)));
        return units.filter((unit) => unit !== null);
      },
    },
    Mutation: {
      stockReceive: (_, { input }, { caller }) => receipts.receive(caller, input),
      openingStockReceive: (_, { input }, { caller }) => receipts.receiveOpening(caller, input),
    },
  };
}
