import type { MigrationClass } from '@onecount/db';
import { CreateStorefrontSync1764100000000 } from './1764100000000-create-storefront-sync.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';
import { OneSkuInAnyCase1797400000000 } from './1797400000000-one-sku-in-any-case.ts';

export const migrations: MigrationClass[] = [
  CreateStorefrontSync1764100000000,
  DiscardDeadEvents1796000000000,
  OneSkuInAnyCase1797400000000,
];
