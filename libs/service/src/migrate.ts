import { ConfigError } from '@onecount/config';
import { runMigrations, type MigrationClass } from '@onecount/db';
import { reasonOf } from '@onecount/process';
import { createLogger } from '@onecount/telemetry';
import { migrationConfig } from './config.ts';
import type { ServiceName } from './definition.ts';

/** The whole of an app's `src/migrate.ts`: brings its database up to date and ends, 0 or 1. */
export async function runMigrationsFromEnv(options: {
  name: ServiceName;
  migrations: MigrationClass[];
  /** The app's `src`: its functions are below it, one `.sql` file each. */
  functions: string;
}): Promise<void> {
  const log = createLogger({ service: `${options.name}-migrate` });
  try {
    const config = migrationConfig();
    const applied = await runMigrations({
      url: config.MIGRATION_DATABASE_URL,
      migrations: options.migrations,
      functions: options.functions,
      serviceRole: config.SERVICE_ROLE ?? `onecount_${options.name.replaceAll('-', '_')}`,
    });
    log.info({ applied }, 'migrated');
  } catch (err) {
    log.fatal(`migration failed: ${reasonOf(err)}`);
    process.exitCode = 1;
    if (!(err instanceof ConfigError)) log.fatal({ err }, 'migration failed');
  }
}
