import type { SystemRole } from './database.ts';

const identifier = /^[a-z_][a-z0-9_]*$/;

/**
 * Migration SQL that walls a table with tenant data: row-level security enabled and forced, one
 * policy per tenant, one per system role, grants to the service role that `runMigrations` names.
 * Without app.tenant the setting is null and no row matches: forgetting it shows nothing.
 */
export function tenantTable(
  table: string,
  options: { systemRoles?: SystemRole[]; appendOnly?: boolean } = {},
): string {
  assertIdentifier(table);
  const granted = options.appendOnly ? 'SELECT, INSERT' : 'SELECT, INSERT, UPDATE, DELETE';
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;`,
    tenantPolicy(table),
    ...(options.systemRoles ?? []).map((role) => systemPolicy(table, role)),
    grantToService(granted, table),
    options.appendOnly ? appendOnlyTrigger(table) : '',
  ].join('\n');
}

function tenantPolicy(table: string): string {
  const own = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid";
  return `CREATE POLICY tenant_isolation ON ${table} USING (${own}) WITH CHECK (${own});`;
}

// The public page serves anyone: it may look a row up by its unguessable id and never write.
function systemPolicy(table: string, role: SystemRole): string {
  const name = `system_${role.replaceAll('-', '_')}`;
  const command = role === 'public-page' ? 'SELECT' : 'ALL';
  return `CREATE POLICY ${name} ON ${table} FOR ${command} USING (current_setting('app.system', true) = '${role}');`;
}

// The role's name is only known where the database stands: dynamic SQL, quoted by format().
function grantToService(privileges: string, table: string): string {
  return `DO $grant$ BEGIN
  EXECUTE format('GRANT ${privileges} ON ${table} TO %I', current_setting('onecount.service_role'));
END $grant$;`;
}

// Grants alone would not bind the owner, who runs migrations; a statement trigger binds everyone,
// also when no row matches. ON CONFLICT DO UPDATE counts as UPDATE and is refused with it.
function appendOnlyTrigger(table: string): string {
  return `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
}

/**
 * Migration SQL for a data migration over all tenants. Forced row-level security binds the owner
 * too, and no tenant is set in a migration: an UPDATE would silently meet no row. FORCE is lifted
 * for the owner alone and set again in the same transaction; ALTER TABLE holds the table exclusively
 * until its end, so no other session ever works on the table without the wall.
 */
export function acrossTenants(table: string, statements: string): string {
  assertIdentifier(table);
  return `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY;
${statements}
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`;
}

function assertIdentifier(name: string): void {
  if (!identifier.test(name)) throw new TypeError(`${name} is not a plain SQL identifier`);
}
