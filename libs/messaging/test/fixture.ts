import { createDatabase, migration, runMigrations, tenantTable } from '@onecount/db';
import { newEvent, type DomainEvent } from '@onecount/events';
import { timeoutFactor, emptyDatabase } from '@onecount/testing';
import pg from 'pg';
import { deadEventDiscard, inboxTables, outboxTable, type EventHandler } from '../src/index.ts';

export const tenantA = '01900000-0000-7000-8000-00000000000a';
export const tenantB = '01900000-0000-7000-8000-00000000000b';

// `effect` has a row per application: a second one is seen. `aggregate` is what writers lock.
const tables = migration(
  'CreateMessagingFixture1760000000000',
  `${outboxTable}\n${inboxTables}\n${deadEventDiscard}
  CREATE TABLE effect (
    tenant_id uuid NOT NULL, place bigint GENERATED ALWAYS AS IDENTITY, consumer text NOT NULL,
    aggregate_id text NOT NULL, sequence bigint NOT NULL, PRIMARY KEY (tenant_id, place));
  ${tenantTable('effect')}
  CREATE TABLE aggregate (
    tenant_id uuid NOT NULL, id uuid NOT NULL, version bigint NOT NULL, PRIMARY KEY (tenant_id, id));
  ${tenantTable('aggregate')}`,
);

export async function messagingDatabase(poolMax = 10) {
  const database = await emptyDatabase();
  await runMigrations({ url: database.ownerUrl, migrations: [tables], serviceRole: database.role });
  const db = await createDatabase({
    url: database.url,
    applicationName: 'test messaging',
    poolMax,
    timeoutFactor,
    onPoolError: () => undefined,
  });
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  admin.on('error', () => undefined);
  return {
    ...database,
    db,
    rows: async (text: string, values?: unknown[]) => (await admin.query(text, values)).rows,
    async stop() {
      await admin.end();
      await db.close();
      await database.drop();
    },
  };
}
export type MessagingDatabase = Awaited<ReturnType<typeof messagingDatabase>>;

export const repairEvent = (
  aggregateId: string,
  sequence: number,
  tenantId = tenantA,
): DomainEvent<'workshop.repair-changed'> =>
  newEvent('workshop.repair-changed', {
    ...{ tenantId, aggregateId, sequence },
    data: {
      ...{ repairId: aggregateId, version: sequence, ticketNumber: 'R-1', stage: 'INTAKE' },
      kind: 'CUSTOMER_PIECE',
    },
  });

/** Writes a row per application, so that a second one would be seen. */
export function effectHandler(
  consumer = 'test.effect',
  before: (event: DomainEvent) => void | Promise<void> = () => {},
): EventHandler<'workshop.repair-changed'> {
  return {
    type: 'workshop.repair-changed',
    consumer,
    async handle(tx, event) {
      await before(event);
      await tx.query(
        `INSERT INTO effect (tenant_id, consumer, aggregate_id, sequence) VALUES ($1, $2, $3, $4)`,
        [tx.tenantId, consumer, event.aggregateId, event.sequence],
      );
    },
  };
}

/** A change and its event in one transaction, under the aggregate's row lock, as services do it. */
export const bump = `
  INSERT INTO aggregate AS a (tenant_id, id, version) VALUES ($1, $2, 1)
  ON CONFLICT (tenant_id, id) DO UPDATE SET version = a.version + 1 RETURNING version`;

export const collected = async (database: MessagingDatabase) =>
  (await database.rows(
    'SELECT tenant_id, consumer, aggregate_id, sequence::int FROM effect ORDER BY place',
  )) as { tenant_id: string; consumer: string; aggregate_id: string; sequence: number }[];
