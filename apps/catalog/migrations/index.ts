import { CreateCatalog1763800000000 } from './1763800000000-create-catalog.ts';
import { CreateProductImport1763800100000 } from './1763800100000-create-product-import.ts';
import { CreateCountedSale1763800200000 } from './1763800200000-create-counted-sale.ts';
import { AddStockVersion1763800300000 } from './1763800300000-add-stock-version.ts';

export const migrations = [
  CreateCatalog1763800000000,
  CreateProductImport1763800100000,
  CreateCountedSale1763800200000,
  AddStockVersion1763800300000,
];
