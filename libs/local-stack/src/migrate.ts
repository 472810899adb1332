import { join } from 'node:path';
import type { MigrationClass } from '@onecount/db';
import { repositoryRoot } from './paths.ts';
import type { ServiceDatabase } from './postgres/provision.ts';

// A library may not depend on an app: the path is put together at run time, and only the development
// launcher and the tests do so. Deployed, each service's own image migrates its database.
async function migrationsOf(service: string): Promise<MigrationClass[]> {
  const path = join(repositoryRoot, 'apps', service, 'migrations/index.ts');
  const module = (await import(path)) as { migrations: MigrationClass[] };
  return module.migrations;
}

/** Brings one service's database up to date; returns the names of the migrations and functions applied. */
export async function migrateService(
  service: string,
  database: Pick<ServiceDatabase, 'ownerUrl' | 'role'>,
): Promise<string[]> {
  // Loaded late: TypeORM is most of what a tool that only prints a token would otherwise load.
  const { runMigrations } = await import('@onecount/db');
  return runMigrations({
    url: database.ownerUrl,
    migrations: await migrationsOf(service),
    functions: join(repositoryRoot, 'apps', service, 'src'),
    serviceRole: database.role,
  });
}
