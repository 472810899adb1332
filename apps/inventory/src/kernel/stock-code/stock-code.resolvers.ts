import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs, type SubgraphContext } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../stock-item/stock-item.loaders.ts';
import type { StockCodeLoaders } from './stock-code.loaders.ts';
import type { UnitLoaders } from '../serial-unit/serial-unit.loaders.ts';
import type { Coded, StockCodeService } from './stock-code.service.ts';
import { selectCodeHistory } from './stock-code.sql.ts';

type Loaders = ItemLoaders & StockCodeLoaders & UnitLoaders;
type Deps = { db: Database; stockCodes: StockCodeService; loaders: Loaders };
type Own = Pick<
  Resolvers,
  | 'StockCode'
  | 'StockCodeChange'
  | 'ScanResult'
  | 'StockItem'
  | 'SerialUnit'
  | 'Query'
  | 'Mutation'
  | 'StockCodeAssignSuccess'
  | 'StockCodeMoveSuccess'
  | 'StockCodeRetireSuccess'
>;

export function stockCodeResolvers({ db, stockCodes, loaders }: Deps): Own {
  const itemOf = async (context: SubgraphContext, id: string | null) =>
    id ? loaders.itemById(context, id) : null;
  const unitOf = async (context: SubgraphContext, id: string | null) =>
    id ? loaders.unit(context, id) : null;
  const success = {
    stockCode: async ({ code }: Coded, _: object, { caller }: SubgraphContext) =>
      (await stockCodes.find(caller, code))!,
  };
  return {
    StockCode: {
      stockItem: ({ stockItemId }, _, context) => itemOf(context, stockItemId),
      serialUnit: ({ serialUnitId }, _, context) => unitOf(context, serialUnitId),
      isRetired: ({ stockItemId }) => stockItemId === null,
      async history({ code }, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [before] = decodeCursor(after, ['integer']) ?? [];
        const page = { code, before, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectCodeHistory(tx, page));
        return connectionFrom(rows, { first, after, cursorOf: ({ position }) => String(position) });
      },
    },
    StockCodeChange: {
      fromStockItem: ({ fromStockItemId }, _, context) => itemOf(context, fromStockItemId),
      fromSerialUnit: ({ fromSerialUnitId }, _, context) => unitOf(context, fromSerialUnitId),
      toStockItem: ({ toStockItemId }, _, context) => itemOf(context, toStockItemId),
      toSerialUnit: ({ toSerialUnitId }, _, context) => unitOf(context, toSerialUnitId),
    },
    ScanResult: {
      code: ({ text }) => text,
      stockItem: async ({ stockItemId }, _, context) =>
        (await loaders.itemById(context, stockItemId))!,
      serialUnit: ({ serialUnitId }, _, context) => unitOf(context, serialUnitId),
    },
    StockItem: { codes: ({ id }, _, context) => loaders.codesOfItem(context, id) },
    SerialUnit: { codes: ({ id }, _, context) => loaders.codesOfUnit(context, id) },
    StockCodeAssignSuccess: success,
    StockCodeMoveSuccess: success,
    StockCodeRetireSuccess: success,
    Query: {
      scan: (_, { code }, { caller }) => stockCodes.scan(caller, code),
      stockCode: (_, { code }, { caller }) => stockCodes.find(caller, code),
    },
    Mutation: {
      stockCodeAssign: (_, { input }, { caller }) => stockCodes.assign(caller, input),
      stockCodeMove: (_, { input }, { caller }) => stockCodes.move(caller, input),
      stockCodeRetire: (_, { input }, { caller }) => stockCodes.retire(caller, input),
    },
  };
}
