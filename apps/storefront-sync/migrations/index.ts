import type { MigrationClass } from '@onecount/db';
import { CreateStorefrontSync1764100000000 } from './1764100000000-create-storefront-sync.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';

export const migrations: MigrationClass[] = [
  CreateStorefrontSync1764100000000,
  DiscardDeadEvents1796000000000,
];
