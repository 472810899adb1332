import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { MutationResolvers, QueryResolvers } from '../generated/resolver-types.ts';
import { abbreviationKey, standardList } from '../variant/abbreviation.ts';
import type { SkuAbbreviationService } from './sku-abbreviation.service.ts';
import { skuAbbreviationPage } from './sku-abbreviation.sql.ts';

export function skuAbbreviationResolvers(deps: {
  db: Database;
  abbreviations: SkuAbbreviationService;
}) {
  const Query: Pick<QueryResolvers, 'skuAbbreviations' | 'skuAbbreviationsStandard'> = {
    async skuAbbreviations(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const [afterKey] = decodeCursor(after, ['text']) ?? [];
      const rows = await deps.db.read(caller.tenantId, (tx) =>
        skuAbbreviationPage(tx, { afterKey, limit }),
      );
      return connectionFrom(rows, {
        first,
        after,
        cursorOf: ({ value }) => abbreviationKey(value),
      });
    },
    skuAbbreviationsStandard: () =>
      standardList.map(([value, abbreviation]) => ({ value, abbreviation })),
  };
  const Mutation: Pick<MutationResolvers, 'skuAbbreviationsSet'> = {
    skuAbbreviationsSet: (_, { input }, { caller }) => deps.abbreviations.set(caller, input),
  };
  return { Query, Mutation };
}
