import { loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

export const configSchema = z.object({
  ...serviceEnv,
  // How often changed levels and units are published at most; a change wakes the publisher at once.
  LEVEL_PUBLISH_MS: z.coerce.number().int().min(10).max(10_000).default(100),
  HOLD_SWEEP_MS: z.coerce.number().int().min(20).max(60_000).default(500),
});

export type Config = z.infer<typeof configSchema>;

/** Throws ConfigError with every problem at once. */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
