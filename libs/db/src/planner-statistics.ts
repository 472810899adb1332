import type { QueryRunner } from 'typeorm';

/**
 * Of a table that was never analyzed the planner takes any value for rare, so it looks rows up by their tenant alone and
 * then reads all that the tenant has. A statement that was planned on the first rows of a database keeps that plan until
 * the first ANALYZE, a minute later: an import into a new system spent most of its time so. Told that there is one
 * tenant, the planner looks for the other columns of a key. What ANALYZE finds replaces it.
 */
export async function expectFewTenants(runner: QueryRunner): Promise<void> {
  await runner.query(
    `SELECT pg_restore_attribute_stats('schemaname', current_schema()::text, 'relname', c.relname::text,
       'attname', 'tenant_id', 'inherited', false, 'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real)
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.reltuples < 0`,
  );
}
