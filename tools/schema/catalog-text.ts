/**
 * One row a table or view, by name: its definition with constraints, indexes, row-level security,
 * grants and triggers, each kind by name. Columns keep their order in the table.
 */
export const catalogText = `
WITH relation AS (
  SELECT c.oid, c.relname AS name, c.relkind AS kind, c.reloptions AS options, c.relrowsecurity AS is_walled,
         c.relforcerowsecurity AS is_forced, c.relacl AS acl, c.relowner AS owner
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
     AND c.relname NOT IN ('migration', 'function_file')
), member AS (
  SELECT a.attrelid AS oid, 1 AS section, lpad(a.attnum::text, 5, '0') AS place,
         format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
         || CASE WHEN a.attcollation <> t.typcollation THEN format(' COLLATE %s', a.attcollation::regcollation) ELSE '' END
         || CASE WHEN a.attidentity <> '' THEN
              format(' GENERATED %s AS IDENTITY', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END)
              WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
              WHEN a.attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s)', pg_get_expr(d.adbin, d.adrelid))
              WHEN d.adbin IS NOT NULL THEN format(' DEFAULT %s', pg_get_expr(d.adbin, d.adrelid)) ELSE '' END
         || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS line
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT k.conrelid, 2, CASE k.contype WHEN 'p' THEN '' ELSE k.conname END,
         format('  CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid, true))
    FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'c', 'f', 'x')
), attachment AS (
  SELECT i.indrelid AS oid, 1 AS section, i.indexrelid::regclass::text AS place,
         replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' ON ') || ';' AS line
    FROM pg_index i
   WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
  UNION ALL
  SELECT r.oid, 2, '', format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY%s;', r.name,
                              CASE WHEN r.is_forced THEN ', FORCE ROW LEVEL SECURITY' ELSE '' END)
    FROM relation r WHERE r.is_walled
  UNION ALL
  SELECT p.polrelid, 3, p.polname,
         format('CREATE POLICY %I ON %s FOR %s%s%s;', p.polname, p.polrelid::regclass,
                CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                              WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                E'\\n  USING (' || pg_get_expr(p.polqual, p.polrelid, true) || ')',
                coalesce(E'\\n  WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid, true) || ')', ''))
    FROM pg_policy p
  UNION ALL
  SELECT r.oid, 4, g.grantee::regrole::text,
         format('GRANT %s ON %I TO %s;', string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type), r.name,
                g.grantee::regrole)
    FROM relation r CROSS JOIN LATERAL aclexplode(r.acl) g
   WHERE g.grantee <> r.owner GROUP BY r.oid, r.name, g.grantee
  UNION ALL
  SELECT t.tgrelid, 5, t.tgname, replace(pg_get_triggerdef(t.oid, true), ' ON public.', ' ON ') || ';'
    FROM pg_trigger t WHERE NOT t.tgisinternal
)
SELECT CASE WHEN r.kind = 'v' THEN
         format(E'CREATE VIEW %I%s AS\\n%s', r.name, coalesce(' WITH (' || array_to_string(r.options, ', ') || ')', ''),
                pg_get_viewdef(r.oid, true))
       ELSE
         format(E'CREATE TABLE %I (\\n%s\\n)%s;', r.name,
                (SELECT string_agg(m.line, E',\\n' ORDER BY m.section, m.place COLLATE "C") FROM member m WHERE m.oid = r.oid),
                coalesce(' WITH (' || array_to_string(r.options, ', ') || ')', ''))
       END
       || coalesce((SELECT E'\\n' || string_agg(a.line, E'\\n' ORDER BY a.section, a.place COLLATE "C")
                      FROM attachment a WHERE a.oid = r.oid), '') AS text
  FROM relation r ORDER BY r.name COLLATE "C"`;
