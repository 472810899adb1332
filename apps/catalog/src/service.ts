import { defineService, sdlIn } from '@onecount/service';
import { categoryModule } from './category/category.module.ts';
import { labelModule } from './label/label.module.ts';
import { matrixModule } from './matrix/matrix.module.ts';
import { mediaModule } from './media/media.module.ts';
import { priceListModule } from './price-list/price-list.module.ts';
import { productExportModule } from './product-export/product-export.module.ts';
import { productImportModule } from './product-import/product-import.module.ts';
import { optionModule } from './option/option.module.ts';
import { productDraftModule } from './product-draft/product-draft.module.ts';
import { productLifeModule } from './product-life/product-life.module.ts';
import { productHistoryModule } from './product-history/product-history.module.ts';
import { productMergeModule } from './product-merge/product-merge.module.ts';
import { productSplitModule } from './product-split/product-split.module.ts';
import { productRefreshModule } from './product-refresh/product-refresh.module.ts';
import { productModule } from './product/product.module.ts';
import { salesModule } from './sales/sales.module.ts';
import { searchModule } from './search/search.module.ts';
import { share } from './shared.ts';
import { skuAbbreviationModule } from './sku-abbreviation/sku-abbreviation.module.ts';
import { stockCommandModule } from './stock-command/stock-command.module.ts';
import { uploadModule } from './upload/upload.module.ts';
import { variantModule } from './variant/variant.module.ts';
import { vendorModule } from './vendor/vendor.module.ts';

export const definition = defineService({
  name: 'catalog',
  typeDefs: sdlIn(import.meta.dirname),
  modules: [
    vendorModule,
    categoryModule,
    productModule,
    optionModule,
    productLifeModule,
    productDraftModule,
    productHistoryModule,
    productRefreshModule,
    variantModule,
    skuAbbreviationModule,
    searchModule,
    matrixModule,
    productSplitModule,
    productMergeModule,
    priceListModule,
    salesModule,
    stockCommandModule,
    uploadModule,
    mediaModule,
    labelModule,
    productImportModule,
    productExportModule,
  ],
  // Counts of sales, copies to search by: a list may be half a second old.
  fetchEveryMs: 500,
  share,
});
