import pg from 'pg';

export type ServiceRoles = { database: string; role: string; ownerRole: string };
export type ServiceDatabase = ServiceRoles & { url: string; ownerUrl: string };

/** One database per service; the owner migrates it, the service role only reads and writes rows. */
export function rolesOf(service: string): ServiceRoles {
  const name = `onecount_${service.replaceAll('-', '_')}`;
  return { database: name, role: name, ownerRole: `${name}_owner` };
}

export type ProvisionOptions = {
  /** URL of the database `postgres` as a superuser (or a role with CREATEDB and CREATEROLE). */
  adminUrl: string;
  services: string[];
  passwordOf(role: string): string;
  /** Roles only; for tests, which clone their databases from templates. */
  isRolesOnly?: boolean;
};

export function databaseUrl(
  adminUrl: string,
  role: string,
  password: string,
  database: string,
): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = encodeURIComponent(password);
  url.pathname = `/${database}`;
  return url.href;
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (found.rowCount === 0) await client.query(`CREATE ROLE ${name}`);
  await client.query(
    `ALTER ROLE ${name} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION ` +
      `PASSWORD ${client.escapeLiteral(password)}`,
  );
}

/** A database that the owner owns and that nobody but the owner and the service may enter. */
export async function createServiceDatabase(
  client: pg.Client,
  { database, role, ownerRole }: ServiceRoles,
  template?: string,
): Promise<void> {
  const name = client.escapeIdentifier(database);
  const from = template ? ` TEMPLATE ${client.escapeIdentifier(template)}` : '';
  await client.query(`CREATE DATABASE ${name} OWNER ${client.escapeIdentifier(ownerRole)}${from}`);
  await closeToOthers(client, { database, role });
}

async function ensureDatabase(client: pg.Client, roles: ServiceRoles): Promise<void> {
  const known = 'SELECT 1 FROM pg_database WHERE datname = $1';
  const found = await client.query(known, [roles.database]);
  if (found.rowCount === 0) return createServiceDatabase(client, roles);
  // An earlier start may have died after it made the database.
  return closeToOthers(client, roles);
}

async function closeToOthers(
  client: pg.Client,
  { database, role }: Pick<ServiceRoles, 'database' | 'role'>,
): Promise<void> {
  const name = client.escapeIdentifier(database);
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${client.escapeIdentifier(role)}`);
}

/** Makes roles and databases that are missing; safe to repeat, passwords are set anew each time. */
export async function provisionDatabases(
  options: ProvisionOptions,
): Promise<Record<string, ServiceDatabase>> {
  const client = new pg.Client({ connectionString: options.adminUrl });
  await client.connect();
  const databases: Record<string, ServiceDatabase> = {};
  try {
    for (const service of options.services) {
      const roles = rolesOf(service);
      const { database, role, ownerRole } = roles;
      await ensureRole(client, role, options.passwordOf(role));
      await ensureRole(client, ownerRole, options.passwordOf(ownerRole));
      if (!options.isRolesOnly) await ensureDatabase(client, roles);
      const urlFor = (name: string) =>
        databaseUrl(options.adminUrl, name, options.passwordOf(name), database);
      databases[service] = { ...roles, url: urlFor(role), ownerUrl: urlFor(ownerRole) };
    }
  } finally {
    await client.end();
  }
  return databases;
}
