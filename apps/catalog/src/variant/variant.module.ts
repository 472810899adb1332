import { sdlIn, type Module } from '@onecount/service';
import { stockItemChanged } from '../consumers/stock-item-changed.ts';
import type { CatalogDeps } from '../shared.ts';
import { createInternalBarcodeService } from './internal-barcode.service.ts';
import { VariantEntity } from './variant.entity.ts';
import { variantResolvers } from './variant.resolvers.ts';
import { createVariantService } from './variant.service.ts';

export const variantModule: Module<CatalogDeps> = {
  name: 'variant',
  typeDefs: sdlIn(import.meta.dirname),
  entities: [VariantEntity],
  start: ({ db, stock, reads }) => ({
    resolvers: variantResolvers({
      db,
      reads,
      variants: createVariantService({ db, stock }),
      barcodes: createInternalBarcodeService({ db }),
    }),
    handlers: [stockItemChanged],
  }),
};
