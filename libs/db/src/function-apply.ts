import type { FunctionFile } from './function-files.ts';

/** A connection inside the transaction of the run. */
type Runner = { query(text: string, values?: unknown[]): Promise<{ name: string }[]> };

export const functionTable = `CREATE TABLE IF NOT EXISTS function_file (
  name     text CONSTRAINT function_file_pkey PRIMARY KEY,
  checksum text NOT NULL
)`;

/** What was applied last, but for what a migration has dropped since then. */
export const selectApplied = `SELECT f.name, f.checksum FROM function_file f
 WHERE EXISTS (SELECT FROM pg_proc p WHERE p.proname = f.name
                 AND p.pronamespace = current_schema()::regnamespace)`;

/** Applies the files whose text differs from what was applied last, in their order; returns their names. */
export async function applyFunctions(runner: Runner, files: FunctionFile[]): Promise<string[]> {
  const checksums = await appliedChecksums(runner);
  const changed = files.filter(({ name, checksum }) => checksums.get(name) !== checksum);
  for (const { name, text, checksum } of changed) {
    await runner.query(text).catch((err: Error) => {
      throw new Error(`${name}.sql: ${err.message}`, { cause: err });
    });
    await runner.query(
      `INSERT INTO function_file (name, checksum) VALUES ($1, $2)
       ON CONFLICT ON CONSTRAINT function_file_pkey DO UPDATE SET checksum = EXCLUDED.checksum`,
      [name, checksum],
    );
  }
  return changed.map(({ name }) => name);
}

/**
 * A function whose file is gone is dropped by a migration, never by the lack of a file: processes of
 * the release before may still call it. Throws when neither is there.
 */
export async function refuseOrphans(runner: Runner, files: FunctionFile[]): Promise<void> {
  const names = files.map(({ name }) => name);
  const orphans = [...(await appliedChecksums(runner)).keys()].filter(
    (name) => !names.includes(name),
  );
  if (orphans.length > 0)
    throw new Error(`no file and no migration that drops it: function ${orphans.join(', ')}`);
  await runner.query('DELETE FROM function_file WHERE name <> ALL ($1)', [names]);
}

async function appliedChecksums(runner: Runner): Promise<Map<string, string>> {
  const rows = (await runner.query(selectApplied)) as { name: string; checksum: string }[];
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}
