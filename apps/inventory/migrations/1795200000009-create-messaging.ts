import { idempotencyTable, migration } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';

export const CreateMessaging1795200000009 = migration(
  'CreateMessaging1795200000009',
  `${idempotencyTable}\n${outboxTable}\n${inboxTables}`,
);
