import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, inOrder, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import type {
  MutationResolvers,
  QueryResolvers,
  VariantResolvers,
} from '../generated/resolver-types.ts';
import type { PriceListService } from './price-list.service.ts';
import { priceListPage, priceListsById, type PriceListRow } from './price-list.sql.ts';

export function priceListResolvers(deps: { db: Database; priceLists: PriceListService }) {
  const { db, priceLists } = deps;
  const Query: Pick<QueryResolvers, 'priceList' | 'priceLists'> = {
    async priceList(_, { id }, { caller }) {
      if (!isUuid(id)) return null;
      const [list] = await db.readOne(caller.tenantId, (tx) => priceListsById(tx, [id]));
      return list ?? null;
    },
    async priceLists(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [beforeId] = decodeCursor(after, ['uuid']) ?? [];
      const rows = await db.readOne(caller.tenantId, (tx) =>
        priceListPage(tx, { beforeId, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: ({ id }) => id });
    },
  };
  const Mutation: Pick<MutationResolvers, 'priceListCreate' | 'priceListCancel'> = {
    priceListCreate: (_, { input }, { caller }) => priceLists.create(caller, input),
    priceListCancel: (_, { input }, { caller }) => priceLists.cancel(caller, input),
  };
  const Variant: Pick<VariantResolvers, 'regularPrice' | 'priceList'> = {
    regularPrice: ({ priceMinor: amountMinor, currencyCode }) =>
      amountMinor === null || currencyCode === null ? null : moneyOf({ amountMinor, currencyCode }),
    async priceList({ priceListId }, _, context) {
      if (priceListId === null) return null;
      const read = context.loader<string, PriceListRow | null>('price-list', async (ids) => {
        const rows = await db.readOne(context.caller.tenantId, (tx) => priceListsById(tx, ids));
        return inOrder(ids, rows, (row) => row.id);
      });
      return read.load(priceListId);
    },
  };
  return { Query, Mutation, Variant };
}
