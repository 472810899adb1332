import type { MigrationClass } from '@onecount/db';
import { CreateSharedTables1763800500000 } from './1763800500000-create-shared-tables.ts';
import { CreateRegister1763800500001 } from './1763800500001-create-register.ts';
import { CreateSale1763800500002 } from './1763800500002-create-sale.ts';
import { CreatePriceBook1763800500003 } from './1763800500003-create-price-book.ts';
import { SaleBasketFunctions1763800500004 } from './1763800500004-sale-basket-functions.ts';
import { SaleCheckoutFunctions1763800500005 } from './1763800500005-sale-checkout-functions.ts';

export const migrations: MigrationClass[] = [
  CreateSharedTables1763800500000,
  CreateRegister1763800500001,
  CreateSale1763800500002,
  CreatePriceBook1763800500003,
  SaleBasketFunctions1763800500004,
  SaleCheckoutFunctions1763800500005,
];
