import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { SubgraphContext } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import { idOf } from '../../kernel/input.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import type { LocationLoaders } from '../../kernel/location/location.loaders.ts';
import type { MovementLoaders } from '../../kernel/movement/movement.loaders.ts';
import type { UnitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { StocktakeScanService } from './stocktake-scan.service.ts';
import { selectCodes, selectDuplicates } from './stocktake-scan.sql.ts';
import type { StocktakeService } from './stocktake.service.ts';
import {
  selectStocktakeLines,
  selectStocktakePage,
  selectStocktakes,
  selectStocktakeSummaries,
  type StocktakeSummary,
} from './stocktake.sql.ts';
import { hidesLines, type StocktakeRow } from './stocktake.ts';

type Loaders = ItemLoaders & LocationLoaders & MovementLoaders & UnitLoaders;
type Deps = {
  db: Database;
  stocktakes: StocktakeService;
  stocktakeScans: StocktakeScanService;
  loaders: Loaders;
};
type Own = Pick<
  Resolvers,
  | 'Stocktake'
  | 'StocktakeLine'
  | 'StocktakeDuplicate'
  | 'StocktakeCreateSuccess'
  | 'StocktakeScanSuccess'
  | 'StocktakeReviewSuccess'
  | 'StocktakeRecountSuccess'
  | 'StocktakePostSuccess'
  | 'StocktakeCancelSuccess'
  | 'Query'
  | 'Mutation'
>;

export function stocktakeResolvers({ db, stocktakes, stocktakeScans, loaders }: Deps): Own {
  // Read anew by each answer: one request may change a stocktake several times.
  const find = async ({ caller }: SubgraphContext, id: string): Promise<StocktakeRow | null> => {
    const [row] = await db.read(caller.tenantId, (tx) => selectStocktakes(tx, [idOf(id)]));
    return row ?? null;
  };
  const success = {
    stocktake: async ({ stocktakeId }: { stocktakeId: string }, _: object, ctx: SubgraphContext) =>
      (await find(ctx, stocktakeId))!,
  };
  return {
    Stocktake: stocktakeFields(db, loaders),
    StocktakeLine: {
      stockItem: async (line, _, context) => (await loaders.itemById(context, line.stockItemId))!,
      serialUnit: async (line, _, context) =>
        line.serialUnitId ? loaders.unit(context, line.serialUnitId) : null,
      movement: async (line, _, context) =>
        line.isPosted ? loaders.movement(context, line.id) : null,
    },
    StocktakeDuplicate: {
      serialUnit: async (of, _, context) => (await loaders.unit(context, of.serialUnitId))!,
    },
    StocktakeCreateSuccess: success,
    StocktakeScanSuccess: success,
    StocktakeReviewSuccess: success,
    StocktakeRecountSuccess: success,
    StocktakePostSuccess: success,
    StocktakeCancelSuccess: success,
    Query: {
      stocktake: async (_, { id }, context) => (isUuid(id) ? find(context, id) : null),
      async stocktakes(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [before] = decodeCursor(after, ['uuid']) ?? [];
        const rows = await db.read(caller.tenantId, (tx) =>
          selectStocktakePage(tx, { before, limit }),
        );
        return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
      },
    },
    Mutation: {
      stocktakeCreate: (_, { input }, { caller }) => stocktakes.create(caller, input),
      stocktakeScan: (_, { input }, { caller }) => stocktakeScans.scan(caller, input),
      stocktakeReview: (_, { input }, { caller }) => stocktakes.review(caller, input),
      stocktakeRecount: (_, { input }, { caller }) => stocktakes.recount(caller, input),
      stocktakePost: (_, { input }, { caller }) => stocktakes.post(caller, input),
      stocktakeCancel: (_, { input }, { caller }) => stocktakes.cancel(caller, input),
    },
  };
}

function stocktakeFields(db: Database, loaders: Loaders): Resolvers['Stocktake'] {
  return {
    location: async ({ locationId }, _, context) => (await loaders.location(context, locationId))!,
    async summary(stocktake, _, context) {
      const figures = await summaryOf(db, context, stocktake.id);
      if (!hidesLines(stocktake)) return figures;
      return { scans: figures.scans, lines: 0, differences: 0, notCounted: 0, needingRecount: 0 };
    },
    async lines(stocktake, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const page = {
        stocktakeId: stocktake.id,
        filter: args.filter,
        after: decodeCursor(after, ['text', 'uuid']),
        limit,
      };
      const rows = hidesLines(stocktake)
        ? []
        : await db.read(caller.tenantId, (tx) => selectStocktakeLines(tx, page));
      return connectionFrom(rows, { first, after, cursorOf: (row) => [row.sku, row.id] });
    },
    unknownCodes: codes(db, 'UNKNOWN'),
    outOfScope: codes(db, 'OUT_OF_SCOPE'),
    async duplicates({ id }, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const page = { stocktakeId: id, after: decodeCursor(after, ['uuid'])?.[0], limit };
      const rows = await db.read(caller.tenantId, (tx) => selectDuplicates(tx, page));
      return connectionFrom(rows, { first, after, cursorOf: (row) => row.serialUnitId });
    },
  };
}

/** Those of a page are counted together. */
function summaryOf(db: Database, context: SubgraphContext, id: string): Promise<StocktakeSummary> {
  return context
    .loader<string, StocktakeSummary>('stocktake-summary', async (ids) => {
      const { tenantId } = context.caller;
      const rows = await db.read(tenantId, (tx) => selectStocktakeSummaries(tx, ids));
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((each) => byId.get(each)!);
    })
    .load(id);
}

function codes(db: Database, outcome: 'UNKNOWN' | 'OUT_OF_SCOPE') {
  return async (
    { id }: StocktakeRow,
    args: { first?: number | null; after?: string | null },
    { caller }: SubgraphContext,
  ) => {
    const { first, limit, after } = pageArgs(args);
    const page = { stocktakeId: id, outcome, after: decodeCursor(after)?.[0], limit };
    const rows = await db.read(caller.tenantId, (tx) => selectCodes(tx, page));
    return connectionFrom(rows, { first, after, cursorOf: (row) => row.code });
  };
}
