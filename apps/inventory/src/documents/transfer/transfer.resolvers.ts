import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs, type SubgraphContext } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import type { Resolvers, TransferFilter } from '../../generated/resolver-types.ts';
import type { Caller } from '../../kernel/caller.ts';
import { listByOwner, oneById } from '../../kernel/request.loaders.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { filteredLocation } from '../../kernel/location/location.filter.ts';
import type { LocationLoaders } from '../../kernel/location/location.loaders.ts';
import type { UnitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { DifferenceInput, RestInput } from './transfer-end.steps.ts';
import { transferEnds, type TransferService } from './transfer.service.ts';
import {
  selectDifferences,
  selectInTransit,
  selectLinePages,
  selectTotals,
  selectTransfers,
  type TransferTotals,
} from './transfer.sql.ts';
import type { TransferRow } from './transfer.ts';

type Loaders = ItemLoaders & LocationLoaders & UnitLoaders;
type Deps = { db: Database; transfers: TransferService; loaders: Loaders };
type Own = Pick<
  Resolvers,
  | 'Transfer'
  | 'TransferLine'
  | 'TransferDifference'
  | 'StockItem'
  | 'StockExplanation'
  | 'Query'
  | 'Mutation'
  | Changed
>;
type Changed =
  | 'TransferCreateSuccess'
  | 'TransferLineAddSuccess'
  | 'TransferScanSuccess'
  | 'TransferLineRemoveSuccess'
  | 'TransferDispatchSuccess'
  | 'TransferReceiveSuccess'
  | 'TransferCloseSuccess'
  | 'TransferCancelSuccess';

export function transferResolvers({ db, transfers, loaders }: Deps): Own {
  const load = transferLoaders(db);
  const success = {
    transfer: async (of: { transferId: string }, _: unknown, context: SubgraphContext) =>
      (await load.transfer(context, of.transferId))!,
  };
  return {
    TransferCreateSuccess: success,
    TransferLineAddSuccess: success,
    TransferScanSuccess: success,
    TransferLineRemoveSuccess: success,
    TransferDispatchSuccess: success,
    TransferReceiveSuccess: success,
    TransferCloseSuccess: success,
    TransferCancelSuccess: success,
    Transfer: transferFields(load, loaders),
    TransferLine: {
      stockItem: async (line, _, context) => (await loaders.itemById(context, line.stockItemId))!,
      serialUnit: async (line, _, context) =>
        line.serialUnitId ? loaders.unit(context, line.serialUnitId) : null,
      differences: (line, _, context) => load.differences(context, line.id),
    },
    TransferDifference: {
      cost: ({ costMinor, costCurrency }) =>
        costMinor === null || costCurrency === null
          ? null
          : moneyOf({ amountMinor: costMinor, currencyCode: costCurrency }),
    },
    StockItem: {
      inTransit: async (item, _, context) =>
        (await load.inTransit(context, item.id))?.quantity ?? 0,
    },
    StockExplanation: {
      transfersOnTheirWay: ({ transfers }, _, context) =>
        Promise.all(
          transfers.map(async (each) => ({
            ...each,
            transfer: (await load.transfer(context, each.transferId))!,
          })),
        ),
    },
    Query: {
      transfer: async (_, { id }, { caller }) => (isUuid(id) ? transfers.find(caller, id) : null),
      async transfers(_, { filter, ...args }, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [before] = decodeCursor(after, ['uuid']) ?? [];
        const wanted = await filterOf(db, caller, filter ?? {});
        const rows = await transfers.page(caller, { before, limit, filter: wanted });
        return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
      },
    },
    Mutation: transferMutations(transfers),
  };
}

function transferFields(
  load: ReturnType<typeof transferLoaders>,
  loaders: Loaders,
): Resolvers['Transfer'] {
  const total =
    (figure: keyof Omit<TransferTotals, 'id'>) =>
    async (transfer: TransferRow, _: unknown, context: SubgraphContext) =>
      (await load.totals(context, transfer.id))?.[figure] ?? 0;
  return {
    fromLocation: async (transfer, _, context) =>
      (await loaders.location(context, transfer.fromLocationId))!,
    toLocation: async (transfer, _, context) =>
      (await loaders.location(context, transfer.toLocationId))!,
    async lines(transfer, args, context) {
      const { first, limit, after } = pageArgs(args);
      const [cursor] = decodeCursor(after, ['uuid']) ?? [];
      const rows = await load.linePage(context, transfer.id, { after: cursor, limit });
      return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
    },
    lineCount: total('lines'),
    quantity: total('quantity'),
    received: total('received'),
    returned: total('returned'),
    missing: total('missing'),
    inTransit: total('inTransit'),
  };
}

function transferMutations(transfers: TransferService): Resolvers['Mutation'] {
  return {
    transferCreate: (_, { input }, { caller }) => transfers.create(caller, input),
    transferLineAdd: (_, { input }, { caller }) => transfers.lineAdd(caller, input),
    transferScan: (_, { input }, { caller }) => transfers.scan(caller, input),
    transferLineRemove: (_, { input }, { caller }) => transfers.lineRemove(caller, input),
    transferDispatch: (_, { input }, { caller }) => transfers.dispatch(caller, input),
    transferReceive: (_, { input }, { caller }) => transfers.receive(caller, input),
    transferClose: (_, { input }, { caller }) => {
      // CANCELLED is refused by the service as input; the SDL shares the enum with what is read.
      const differences = input.differences as readonly DifferenceInput[];
      const rest = input.rest as RestInput | null | undefined;
      return transfers.close(caller, { ...input, differences, rest });
    },
    transferCancel: (_, { input }, { caller }) => transfers.cancel(caller, input),
  };
}

async function filterOf(db: Database, caller: Caller, filter: TransferFilter) {
  const { from, to } = transferEnds(filter);
  return {
    status: filter.status ?? null,
    fromLocationId: await filteredLocation(db, caller, from, 'filter.from'),
    toLocationId: await filteredLocation(db, caller, to, 'filter.to'),
  };
}

function transferLoaders(db: Database) {
  return {
    transfer: oneById(db, 'transfer', selectTransfers),
    totals: oneById(db, 'transfer-totals', selectTotals),
    inTransit: oneById(db, 'item-in-transit', selectInTransit),
    differences: listByOwner(
      db,
      'transfer-differences',
      selectDifferences,
      (row) => row.transferLineId,
    ),
    linePage: (
      context: SubgraphContext,
      transferId: string,
      page: { after: string | undefined; limit: number },
    ) =>
      listByOwner(
        db,
        `transfer-lines/${page.limit}/${page.after}`,
        (tx, ids) => selectLinePages(tx, ids, page),
        (row) => row.transferId,
      )(context, transferId),
  };
}
