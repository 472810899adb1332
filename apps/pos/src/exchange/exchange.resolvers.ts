import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import type { Resolvers } from '../generated/resolver-types.ts';
import { returnLoader } from '../return/return.loaders.ts';
import { rowLoader } from '../row-loader.ts';
import { saleLoader } from '../sale/sale.loaders.ts';
import type { ExchangeService } from './exchange.service.ts';
import { exchangeLinks } from './exchange.sql.ts';

type Deps = { db: Database; exchanges: ExchangeService };

const bySale = rowLoader('exchange-of-sale', exchangeLinks, ({ saleId }) => saleId);
const byReturn = rowLoader('exchange-of-return', exchangeLinks, ({ returnId }) => returnId);

export function exchangeResolvers({ db, exchanges }: Deps) {
  const returnOf = async (saleId: string, context: SubgraphContext) => {
    const link = await bySale(db, context).load(saleId);
    return (link && (await returnLoader(db, context).load(link.returnId))) ?? null;
  };
  return {
    Mutation: {
      saleExchange: (_, { input }, { caller }) => exchanges.exchange(caller, input),
    },
    SaleExchangeSuccess: {
      saleReturn: async ({ sale }, _, context) => (await returnOf(sale.id, context))!,
    },
    Sale: {
      exchange: ({ id, exchangeOf }, _, context) =>
        exchangeOf === null ? null : returnOf(id, context),
    },
    SaleReturn: {
      async exchangedFor({ id, kind }, _, context) {
        const link = kind === 'EXCHANGE' ? await byReturn(db, context).load(id) : undefined;
        return (link && (await saleLoader(db, context).load(link.saleId))) ?? null;
      },
    },
  } satisfies Resolvers;
}
