import { timeoutFactor, emptyDatabase } from '@onecount/testing';
import pg from 'pg';
import { createDatabase, runMigrations, type Database, type MigrationClass } from '../src/index.ts';

export type ScratchDatabase = {
  db: Database;
  url: string;
  ownerUrl: string;
  adminUrl: string;
  role: string;
  applied: string[];
  /** Runs SQL as a superuser, outside every wall. */
  admin(text: string, values?: unknown[]): Promise<pg.QueryResult>;
  drop(): Promise<void>;
};

/** A database of its own with an owner and a service role as in production, and the given migrations. */
export async function scratchDatabase(migrations: MigrationClass[]): Promise<ScratchDatabase> {
  const { url, ownerUrl, adminUrl, role, drop } = await emptyDatabase();
  const applied = await runMigrations({ url: ownerUrl, migrations, serviceRole: role });
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const db = await createDatabase({
    url,
    applicationName: 'scratch',
    poolMax: 8,
    timeoutFactor,
    onPoolError: () => undefined,
  });
  return {
    ...{ db, url, ownerUrl, adminUrl, role, applied },
    admin: (text, values) => client.query(text, values),
    async drop() {
      await db.close();
      await client.end();
      await drop();
    },
  };
}
