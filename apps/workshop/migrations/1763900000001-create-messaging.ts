import { idempotencyTable, migration } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';

export const CreateMessaging1763900000001 = migration(
  'CreateMessaging1763900000001',
  `${idempotencyTable}\n${outboxTable}\n${inboxTables}`,
);
