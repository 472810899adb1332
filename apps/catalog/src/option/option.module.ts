import { sdlIn, type Module } from '@onecount/service';
import type { MutationResolvers } from '../generated/resolver-types.ts';
import type { CatalogDeps } from '../shared.ts';
import { createOptionService, type OptionService } from './option.service.ts';

export const optionModule: Module<CatalogDeps> = {
  name: 'option',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, inventory }) => ({
    resolvers: { Mutation: mutations(createOptionService({ db, inventory })) },
  }),
};

type Names =
  | 'optionAdd'
  | 'optionRename'
  | 'optionRemove'
  | 'optionsReorder'
  | 'optionValuesAdd'
  | 'optionValueRename'
  | 'optionValuesReorder'
  | 'optionValueRemove';

function mutations(options: OptionService): Pick<MutationResolvers, Names> {
  return {
    optionAdd: (_, { input }, { caller }) => options.add(caller, input),
    optionRename: (_, { input }, { caller }) => options.rename(caller, input),
    optionRemove: (_, { input }, { caller }) => options.remove(caller, input),
    optionsReorder: (_, { input }, { caller }) => options.reorder(caller, input),
    optionValuesAdd: (_, { input }, { caller }) => options.addValues(caller, input),
    optionValueRename: (_, { input }, { caller }) => options.renameValue(caller, input),
    optionValuesReorder: (_, { input }, { caller }) => options.reorderValues(caller, input),
    optionValueRemove: (_, { input }, { caller }) => options.removeValue(caller, input),
  };
}
