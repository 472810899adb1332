import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import type {
  MutationResolvers,
  PromotionResolvers,
  QueryResolvers,
  Resolvers,
} from '../generated/resolver-types.ts';
import { percentText } from './percent.ts';
import type { PromotionService } from './promotion.service.ts';
import { promotionByCode, promotionPage } from './promotion.sql.ts';
import type { Promotion } from './promotion.ts';

type Deps = { db: Database; promotions: PromotionService };

export function promotionResolvers({ db, promotions }: Deps) {
  return {
    Mutation: {
      promotionAdd: (_, { input }, { caller }) => promotions.add(caller, input),
      promotionEnd: (_, { input }, { caller }) => promotions.end(caller, input),
      salePromotionApply: (_, { input }, { caller }) => promotions.apply(caller, input),
      salePromotionRemove: (_, { input }, { caller }) => promotions.remove(caller, input),
    } satisfies MutationResolvers,
    Query: {
      promotion: (_, { code }, { caller }) =>
        db.read(caller.tenantId, async (tx) => (await promotionByCode(tx, code)) ?? null),
      async promotions(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const cursor = decodeCursor(after, ['uuid']);
        const rows = await db.read(caller.tenantId, (tx) =>
          promotionPage(tx, { after: cursor, limit }),
        );
        return connectionFrom(rows, { first, after, cursorOf: ({ id }: Promotion) => [id] });
      },
    } satisfies QueryResolvers,
    Promotion: {
      percent: ({ basisPoints }) => (basisPoints === null ? null : percentText(basisPoints)),
      amount: ({ amountMinor, currencyCode }) => money(amountMinor, currencyCode),
      minimum: ({ minimumMinor, currencyCode }) => money(minimumMinor, currencyCode),
      locations: ({ locationIds }) => locationIds.map((id) => ({ id })),
    } satisfies PromotionResolvers,
  } satisfies Resolvers;
}

// A promotion with an amount has its currency.
const money = (amountMinor: number | null, currencyCode: string | null) =>
  amountMinor === null ? null : moneyOf({ amountMinor, currencyCode: currencyCode! });
