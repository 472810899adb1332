import { randomBytes } from 'node:crypto';
import { createDatabase, type Database, type DatabaseOptions } from '@onecount/db';
import {
  createServiceDatabase,
  databaseUrl,
  migrateService,
  rolesOf,
  type Subgraph,
  type ServiceRoles,
} from '@onecount/local-stack';
import pg from 'pg';
import { testStack } from './config.ts';
import { timeoutFactor } from './patience.ts';

// Roles belong to the server, not to a database, so all clones share them; the server lives as long as
// one run and listens on the loopback address only.
export const testPasswordOf = (role: string): string => `test-${role}`;

export type TestDatabase = {
  /** As the service itself connects: bound by row-level security. */
  db: Database;
  url: string;
  /** As the role that migrates. */
  ownerUrl: string;
  /** Superuser's URL of the same database: for checks that look past row-level security. */
  adminUrl: string;
  name: string;
  /** Closes `db` and removes the database. */
  drop(): Promise<void>;
};

async function asAdmin<T>(database: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrlOf(database) });
  // A test that fails in beforeAll may still be connected when the server stops.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

function adminUrlOf(database: string): string {
  const url = new URL(testStack().adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

function urlsOf(roles: ServiceRoles) {
  const { adminUrl } = testStack();
  const urlFor = (role: string) =>
    databaseUrl(adminUrl, role, testPasswordOf(role), roles.database);
  return { url: urlFor(roles.role), ownerUrl: urlFor(roles.ownerRole) };
}

/** Makes the migrated template unless it is there; several workers may ask at the same time. */
async function ensureTemplate(service: Subgraph): Promise<string> {
  const roles = { ...rolesOf(service), database: `template_${service.replaceAll('-', '_')}` };
  await asAdmin('postgres', async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [roles.database]);
    // The comment is written last: a template whose migration failed is made again.
    const { rows } = await client.query<{ comment: string | null }>(
      "SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1",
      [roles.database],
    );
    if (rows[0]?.comment === 'migrated') return;
    const name = client.escapeIdentifier(roles.database);
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await createServiceDatabase(client, roles);
    await migrateService(service, { ownerUrl: urlsOf(roles).ownerUrl, role: roles.role });
    await client.query(`COMMENT ON DATABASE ${name} IS 'migrated'`);
  });
  return roles.database;
}

async function cloneOf(service: Subgraph): Promise<ServiceRoles> {
  const template = await ensureTemplate(service);
  const suffix = randomBytes(6).toString('hex');
  const roles = { ...rolesOf(service), database: `${rolesOf(service).database}_${suffix}` };
  await asAdmin('postgres', async (client) => {
    // One clone at a time from one template: PostgreSQL refuses a template that another copy reads.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    await createServiceDatabase(client, roles, template);
  });
  return roles;
}

async function dropDatabase(database: string): Promise<void> {
  await asAdmin('postgres', (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`),
  );
}

/**
 * A database of its own with the service's schema, cloned from a template that is migrated once per
 * run. One per test file, made in beforeAll and dropped in afterAll.
 */
export async function testDatabase(
  service: Subgraph,
  options: Partial<Pick<DatabaseOptions, 'poolMax' | 'entities'>> = {},
): Promise<TestDatabase> {
  const roles = await cloneOf(service);
  const urls = urlsOf(roles);
  const db = await createDatabase({
    url: urls.url,
    applicationName: `test ${service}`,
    poolMax: options.poolMax ?? 10,
    timeoutFactor,
    entities: options.entities,
    onPoolError: () => undefined,
  });
  return {
    db,
    ...urls,
    adminUrl: adminUrlOf(roles.database),
    name: roles.database,
    async drop() {
      await db.close();
      await dropDatabase(roles.database);
    },
  };
}

/** An empty database owned by `inventory`'s roles: for libraries whose tests bring their own tables. */
export async function emptyDatabase(): Promise<Omit<TestDatabase, 'db'> & ServiceRoles> {
  const base = rolesOf('inventory');
  const roles = { ...base, database: `empty_${randomBytes(6).toString('hex')}` };
  await asAdmin('postgres', (client) => createServiceDatabase(client, roles));
  return {
    ...roles,
    ...urlsOf(roles),
    adminUrl: adminUrlOf(roles.database),
    name: roles.database,
    drop: () => dropDatabase(roles.database),
  };
}
