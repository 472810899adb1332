import type { Resolvers } from '../../generated/resolver-types.ts';
import type { SettingService } from './setting.service.ts';

export function settingResolvers(deps: {
  settings: SettingService;
}): Pick<Resolvers, 'Query' | 'Mutation'> {
  const { settings } = deps;
  return {
    Query: { inventorySettings: (_, __, { caller }) => settings.read(caller) },
    Mutation: {
      inventorySettingsUpdate: (_, { input }, { caller }) => settings.update(caller, input),
    },
  };
}
