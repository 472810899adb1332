import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { sdlIn, type Module } from '@onecount/service';
import type { MutationResolvers, QueryResolvers } from '../generated/resolver-types.ts';
import type { CatalogDeps } from '../shared.ts';
import { createProductDraftService } from './product-draft.service.ts';
import { productDraft, productDraftPage } from './product-draft.sql.ts';

export const productDraftModule: Module<CatalogDeps> = {
  name: 'product-draft',
  typeDefs: sdlIn(import.meta.dirname),
  start: (deps) => ({ resolvers: resolvers(deps) }),
};

function resolvers({ db }: Pick<CatalogDeps, 'db'>) {
  const drafts = createProductDraftService({ db });
  const Query: Pick<QueryResolvers, 'productDraft' | 'productDrafts'> = {
    productDraft: (_, { id }, { caller }) => db.read(caller.tenantId, (tx) => productDraft(tx, id)),
    async productDrafts(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [afterId] = decodeCursor(after, ['uuid']) ?? [];
      const rows = await db.read(caller.tenantId, (tx) => productDraftPage(tx, { afterId, limit }));
      return connectionFrom(rows, { first, after, cursorOf: ({ id }) => id });
    },
  };
  const Mutation: Pick<MutationResolvers, 'productDraftSave' | 'productDraftDelete'> = {
    productDraftSave: (_, { input }, { caller }) => drafts.save(caller, input),
    productDraftDelete: (_, { input }, { caller }) => drafts.delete(caller, input),
  };
  return { Query, Mutation };
}
