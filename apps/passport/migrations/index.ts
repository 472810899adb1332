import type { MigrationClass } from '@onecount/db';
import { CreatePassport1764000000000 } from './1764000000000-create-passport.ts';

export const migrations: MigrationClass[] = [CreatePassport1764000000000];
