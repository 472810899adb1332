import type { MigrationClass } from '@onecount/db';
import { CreatePos1763800600000 } from './1763800600000-create-pos.ts';

export const migrations: MigrationClass[] = [CreatePos1763800600000];
