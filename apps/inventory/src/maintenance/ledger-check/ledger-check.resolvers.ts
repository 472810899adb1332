import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import type { LocationLoaders } from '../../kernel/location/location.loaders.ts';
import type { UnitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import { checkItems, selectFindings, selectItemsToCheck } from './ledger-check.sql.ts';

type Loaders = ItemLoaders & LocationLoaders & UnitLoaders;
type Deps = { db: Database; loaders: Loaders };
type Own = Pick<Resolvers, 'LedgerDifference' | 'LedgerFinding' | 'Query'>;

export function ledgerCheckResolvers({ db, loaders }: Deps): Own {
  return {
    LedgerDifference: {
      stockItem: async (row, _, context) => (await loaders.itemById(context, row.stockItemId))!,
      location: ({ locationId }, _, context) =>
        locationId ? loaders.location(context, locationId) : null,
      serialUnit: ({ serialUnitId }, _, context) =>
        serialUnitId ? loaders.unit(context, serialUnitId) : null,
    },
    LedgerFinding: { difference: (row) => row },
    Query: {
      async ledgerVerify(_, { stockItemId, ...args }, { caller }) {
        const { first, limit, after } = pageArgs(args, 100);
        const [cursor] = decodeCursor(after, ['uuid']) ?? [];
        return db.read(caller.tenantId, async (tx) => {
          const page = { after: cursor, stockItemId: stockItemId ?? null, limit };
          const isNoId = stockItemId && !isUuid(stockItemId);
          const rows = isNoId ? [] : await selectItemsToCheck(tx, page);
          const ids = connectionFrom(rows, { first, after, cursorOf: ({ id }) => id });
          const differences = await checkItems(
            tx,
            ids.nodes.map(({ id }) => id),
          );
          return { itemsChecked: ids.nodes.length, differences, pageInfo: ids.pageInfo };
        });
      },
      async ledgerFindings(_, { isGone, ...args }, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [before] = decodeCursor(after, ['uuid']) ?? [];
        const page = { before, isGone: isGone ?? null, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectFindings(tx, page));
        return connectionFrom(rows, { first, after, cursorOf: ({ id }) => id });
      },
    },
  };
}
