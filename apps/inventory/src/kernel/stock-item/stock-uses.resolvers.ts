import type { Database } from '@onecount/db';
import { badInput } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import { selectStockUses } from './stock-uses.sql.ts';

export function stockUsesResolvers({ db }: { db: Database }): Pick<Resolvers, 'Query'> {
  return {
    Query: {
      stockUses(_, { variantId }, { caller }) {
        if (!isUuid(variantId))
          throw badInput('variantId is no id.', { field: 'variantId', value: variantId });
        return db.read(caller.tenantId, (tx) => selectStockUses(tx, variantId));
      },
    },
  };
}
