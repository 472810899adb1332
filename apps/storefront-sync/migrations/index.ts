import type { MigrationClass } from '@onecount/db';
import { CreateStorefrontSync1764100000000 } from './1764100000000-create-storefront-sync.ts';

export const migrations: MigrationClass[] = [CreateStorefrontSync1764100000000];
