import type { MigrationClass } from '@onecount/db';
import { CreateMessaging1763900000001 } from './1763900000001-create-messaging.ts';
import { CreateKnownUnit1763900000002 } from './1763900000002-create-known-unit.ts';
import { CreateRepair1763900000003 } from './1763900000003-create-repair.ts';

export const migrations: MigrationClass[] = [
  CreateMessaging1763900000001,
  CreateKnownUnit1763900000002,
  CreateRepair1763900000003,
];
