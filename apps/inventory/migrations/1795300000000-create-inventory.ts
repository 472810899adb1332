import { idempotencyTable, migration } from '@onecount/db';
import { inboxTables, outboxTable } from '@onecount/messaging';
import { booksTables } from './baseline/books.ts';
import { documentsTables } from './baseline/documents.ts';
import { maintenanceTables } from './baseline/maintenance.ts';
import { movementTables } from './baseline/movement.ts';
import { stockTables } from './baseline/stock.ts';

/** The tables as they were at the first release; functions and triggers are in src, one file each. */
export const CreateInventory1795300000000 = migration(
  'CreateInventory1795300000000',
  [
    idempotencyTable,
    outboxTable,
    inboxTables,
    stockTables,
    movementTables,
    documentsTables,
    booksTables,
    maintenanceTables,
  ].join('\n'),
);
