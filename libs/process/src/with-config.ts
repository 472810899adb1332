import { ConfigError } from '@onecount/config';
import { createLogger } from '@onecount/telemetry';

/** Runs with the settings of the process, or says everything that is wrong with them, one line each. */
export async function withConfig<C>(
  service: string,
  readConfig: () => C,
  run: (config: C) => Promise<unknown>,
): Promise<void> {
  const config = configOrExit(service, readConfig);
  if (config !== undefined) await run(config);
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
