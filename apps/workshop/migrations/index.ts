import type { MigrationClass } from '@onecount/db';
import { CreateWorkshop1764000000000 } from './1764000000000-create-workshop.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';
import { AUnitByNameInAnyCase1796300000000 } from './1796300000000-a-unit-by-name-in-any-case.ts';

export const migrations: MigrationClass[] = [
  CreateWorkshop1764000000000,
  DiscardDeadEvents1796000000000,
  AUnitByNameInAnyCase1796300000000,
];
