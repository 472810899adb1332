import type { MigrationClass } from '@onecount/db';
import { CreatePos1763800600000 } from './1763800600000-create-pos.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';

export const migrations: MigrationClass[] = [
  CreatePos1763800600000,
  DiscardDeadEvents1796000000000,
];
