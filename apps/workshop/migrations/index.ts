import type { MigrationClass } from '@onecount/db';
import { CreateWorkshop1764000000000 } from './1764000000000-create-workshop.ts';

export const migrations: MigrationClass[] = [CreateWorkshop1764000000000];
