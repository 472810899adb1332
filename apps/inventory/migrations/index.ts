import type { MigrationClass } from '@onecount/db';
import { CreateInventory1795300000000 } from './1795300000000-create-inventory.ts';
import { OneNameOneThing1796100000000 } from './1796100000000-one-name-one-thing.ts';

export const migrations: MigrationClass[] = [
  CreateInventory1795300000000,
  OneNameOneThing1796100000000,
];
