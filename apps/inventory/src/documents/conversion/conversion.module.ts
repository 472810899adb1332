import { sdlIn, type Module } from '@onecount/service';
import { holdLoaders } from '../../kernel/hold/hold.loaders.ts';
import { unitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { conversionResolvers } from './conversion.resolvers.ts';
import { createConversionService } from './conversion.service.ts';
import { onPassportChanged } from './passport-changed.consumer.ts';

export const conversionModule: Module<Shared> = {
  name: 'conversion',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, onChange }) => ({
    resolvers: conversionResolvers({
      db,
      conversions: createConversionService({ db, onChange }),
      loaders: { ...itemLoaders(db), ...holdLoaders(db), ...unitLoaders(db) },
    }),
    handlers: [onPassportChanged],
  }),
};
