import { sdlIn, type Module } from '@onecount/service';
import type { Shared } from '../shared.ts';
import { settingResolvers } from './setting.resolvers.ts';
import { createSettingService } from './setting.service.ts';

export const settingModule: Module<Shared> = {
  name: 'setting',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({ resolvers: settingResolvers({ settings: createSettingService({ db }) }) }),
};
