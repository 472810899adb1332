import type { MigrationClass } from '@onecount/db';
import { CreateCatalog1763900000000 } from './1763900000000-create-catalog.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';
import { ImportWarnings1796000100000 } from './1796000100000-import-warnings.ts';
import { OneNameOneVariant1796100000000 } from './1796100000000-one-name-one-variant.ts';
import { UnlistedProducts1797400000000 } from './1797400000000-unlisted-products.ts';
import { RemovedVariants1797450000000 } from './1797450000000-removed-variants.ts';
import { ProductFacts1799000000000 } from './1799000000000-product-facts.ts';
import { HandlesAndHistory1799000100000 } from './1799000100000-handles-and-history.ts';
import { CategoryTree1799000200000 } from './1799000200000-category-tree.ts';
import { SkuAbbreviationsAndInternalBarcodes1799100000000 } from './1799100000000-sku-abbreviations-and-internal-barcodes.ts';
import { PictureStore1799200000000 } from './1799200000000-picture-store.ts';
import { ImportReading1799300000000 } from './1799300000000-import-reading.ts';
import { ImportSettings1799300100000 } from './1799300100000-import-settings.ts';
import { ProductSearch1799400000000 } from './1799400000000-product-search.ts';
import { CopiesForSearch1799400100000 } from './1799400100000-copies-for-search.ts';
import { PriceLists1799100100000 } from './1799100100000-price-lists.ts';
import { PublishingAndDrafts1799000300000 } from './1799000300000-publishing-and-drafts.ts';
import { ProductsOnceMore1799900100000 } from './1799900100000-products-once-more.ts';
import { WeightUnits1799900000000 } from './1799900000000-weight-units.ts';
import { StockBundles1799700000000 } from './1799700000000-stock-bundles.ts';
import { MergedProducts1799600000000 } from './1799600000000-merged-products.ts';
import { PicturesAndValuesInTheHistory1799900200000 } from './1799900200000-pictures-and-values-in-the-history.ts';
import { Labels1799500000000 } from './1799500000000-labels.ts';

export const migrations: MigrationClass[] = [
  CreateCatalog1763900000000,
  DiscardDeadEvents1796000000000,
  ImportWarnings1796000100000,
  OneNameOneVariant1796100000000,
  UnlistedProducts1797400000000,
  RemovedVariants1797450000000,
  ProductFacts1799000000000,
  HandlesAndHistory1799000100000,
  CategoryTree1799000200000,
  SkuAbbreviationsAndInternalBarcodes1799100000000,
  PictureStore1799200000000,
  ImportReading1799300000000,
  ImportSettings1799300100000,
  ProductSearch1799400000000,
  CopiesForSearch1799400100000,
  PriceLists1799100100000,
  PublishingAndDrafts1799000300000,
  WeightUnits1799900000000,
  StockBundles1799700000000,
  ProductsOnceMore1799900100000,
  MergedProducts1799600000000,
  PicturesAndValuesInTheHistory1799900200000,
  Labels1799500000000,
];
