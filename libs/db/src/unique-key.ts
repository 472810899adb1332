// What cannot be seen: with it two texts look like one. Spelt out, because classes follow the collation.
const unseen = String.raw`[\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0]`;

export type Names = {
  table: string;
  /** Columns between the tenant and the name: within what it is one. */
  within?: readonly string[];
  /** What names are compared by: a column, or an expression. */
  key: string;
  /** The column that people read. */
  shown: string;
  /** Which rows count; all when left out. */
  where?: string;
};

/**
 * For a migration: fails where rows of a tenant have one name by now, or would if what cannot be seen were taken
 * away; it names them, and with the migration nothing is changed.
 */
export function refuseCollisions({
  table,
  within = [],
  key,
  shown,
  where = 'true',
}: Names): string {
  const groups = ['tenant_id', ...within].join(', ');
  return asOwner(
    table,
    `DO $collisions$
DECLARE v_found text;
BEGIN
  SELECT string_agg(format('tenant %s: %s', c.tenant_id, c.texts), E'\\n') INTO v_found FROM (
    SELECT tenant_id, string_agg(format('%L', ${shown}), ' and ' ORDER BY ${shown}) AS texts
    FROM ${table} WHERE ${shown} IS NOT NULL AND ${where} GROUP BY ${groups}, regexp_replace(${key}, '${unseen}', '', 'g')
    HAVING count(*) > 1 ORDER BY 1, 2 LIMIT 100) c;
  IF v_found IS NOT NULL THEN
    RAISE EXCEPTION E'${table}.${shown}: these are one name by now, tell them apart first (docs/running.md):\\n%', v_found
      USING ERRCODE = 'unique_violation';
  END IF;
END $collisions$;`,
  );
}

/** For a migration: a name is unique in its tenant by a folded column, under an index that reads beginnings too. */
export function uniqueKey(index: string, names: Names): string {
  const { table, within = [], key, where } = names;
  const columns = ['tenant_id', ...within, key].join(', ');
  return `${refuseCollisions(names)}\nCREATE UNIQUE INDEX ${index} ON ${table} (${columns})${where ? ` WHERE ${where}` : ''};`;
}

/** For a migration: statements about all rows of a table, which forced row-level security hides from its owner. */
export function asOwner(table: string, statements: string): string {
  return `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY;
${statements}
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`;
}
