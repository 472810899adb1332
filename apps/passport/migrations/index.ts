import type { MigrationClass } from '@onecount/db';
import { CreatePassport1764000000000 } from './1764000000000-create-passport.ts';
import { DiscardDeadEvents1796000000000 } from './1796000000000-discard-dead-events.ts';
import { AUnitByNameInAnyCase1796300000000 } from './1796300000000-a-unit-by-name-in-any-case.ts';
import { AVariantMovesBetweenProducts1799600100000 } from './1799600100000-a-variant-moves-between-products.ts';
import { APassportByItsUnit1799900300000 } from './1799900300000-a-passport-by-its-unit.ts';
import { AUnitComesBack1799910100000 } from './1799910100000-a-unit-comes-back.ts';

export const migrations: MigrationClass[] = [
  CreatePassport1764000000000,
  DiscardDeadEvents1796000000000,
  AUnitByNameInAnyCase1796300000000,
  AVariantMovesBetweenProducts1799600100000,
  APassportByItsUnit1799900300000,
  AUnitComesBack1799910100000,
];
