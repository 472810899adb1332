import { ConfigError, type ServiceConfig } from '@onecount/config';
import { createLogger } from '@onecount/telemetry';
import type { ServiceDefinition } from './definition.ts';
import { runService } from './run-service.ts';

/**
 * The whole of an app's `src/main.ts`: reads the settings, says everything that is wrong with them, one
 * line each, or runs the service.
 */
export async function runMain<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  readConfig: () => C,
): Promise<void> {
  const config = configOrExit(definition.name, readConfig);
  if (config) await runService(definition, config);
}

function configOrExit<C>(service: string, readConfig: () => C): C | undefined {
  try {
    return readConfig();
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err;
    const log = createLogger({ service });
    for (const problem of err.problems) log.fatal(problem);
    process.exitCode = 1;
    return undefined;
  }
}
