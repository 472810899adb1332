import { idempotencyTable, migration } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';

export const CreateMessaging1764000000001 = migration(
  'CreateMessaging1764000000001',
  `${idempotencyTable}\n${outboxTable}\n${inboxTables}`,
);
