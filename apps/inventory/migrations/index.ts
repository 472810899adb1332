import type { MigrationClass } from '@onecount/db';
import { CreateInventory1795300000000 } from './1795300000000-create-inventory.ts';

export const migrations: MigrationClass[] = [CreateInventory1795300000000];
