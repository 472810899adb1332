import type { Sources, VerifiedService } from '../sources.ts';
import { verifiedServices } from '../sources.ts';
import type { Check } from '../violation.ts';

type Finding = { what: string };

// `migration` is TypeORM's own list of what has run: it holds names, no tenant's data.
const wallsText = `
  WITH tables AS (
    SELECT c.oid, c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_walled
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('migration', 'function_file')),
  first_key_column AS (
    SELECT i.indrelid, i.indisprimary, i.indexrelid::regclass::text AS index_name, a.attname
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indisunique)
  SELECT relname || ' has no forced row-level security' AS what FROM tables WHERE NOT is_walled
  UNION ALL
  SELECT relname || ' has no tenant_isolation policy' FROM tables t
   WHERE NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'tenant_isolation')
  UNION ALL
  SELECT relname || ' has no primary key' FROM tables t
   WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)
  UNION ALL
  SELECT k.index_name || ' does not begin with tenant_id' FROM first_key_column k
    JOIN tables t ON t.oid = k.indrelid WHERE k.attname <> 'tenant_id'
  UNION ALL
  SELECT c.relname || ' is a view that runs with its owner''s rights'
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = 'public' AND c.relkind = 'v'
     AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
  UNION ALL
  SELECT p.proname || ' runs with its owner''s rights' FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.prosecdef
  UNION ALL
  SELECT r.rolname || ' is not bound by row-level security' FROM pg_roles r
   WHERE r.rolname LIKE 'onecount\\_%' AND (r.rolsuper OR r.rolbypassrls)`;

/** I6 as far as the databases can show it; requests as another tenant are tried by the test of tenant isolation. */
export const tenantWalls: Check[] = [
  {
    promise: 'I6',
    name: 'every table is walled by forced row-level security, keys lead with the tenant',
    find: async (sources) =>
      (await Promise.all(verifiedServices.map((service) => openDoors(sources, service)))).flat(),
  },
];

async function openDoors(sources: Sources, service: VerifiedService): Promise<string[]> {
  const found = await sources.rows<Finding>(service, wallsText);
  return found.map(({ what }) => `${service}: ${what}`);
}
