import type { MigrationClass } from '@onecount/db';
import { CreatePassport1764000000000 } from './1764000000000-create-passport.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';

export const migrations: MigrationClass[] = [
  CreatePassport1764000000000,
  DiscardDeadEvents1796000000000,
];
