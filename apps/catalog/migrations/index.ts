import type { MigrationClass } from '@onecount/db';
import { CreateCatalog1763900000000 } from './1763900000000-create-catalog.ts';

export const migrations: MigrationClass[] = [CreateCatalog1763900000000];
