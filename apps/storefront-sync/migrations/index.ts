import type { MigrationClass } from '@onecount/db';
import { CreateMessaging1764000000001 } from './1764000000001-create-messaging.ts';
import { CreateCopies1764000000002 } from './1764000000002-create-copies.ts';
import { CreateConnection1764000000003 } from './1764000000003-create-connection.ts';

export const migrations: MigrationClass[] = [
  CreateMessaging1764000000001,
  CreateCopies1764000000002,
  CreateConnection1764000000003,
];
