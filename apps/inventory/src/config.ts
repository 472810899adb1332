import { loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

export const configSchema = z.object({
  ...serviceEnv,
  LEVEL_PUBLISH_MS: z.coerce
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(100)
    .describe(
      'How often changed levels and units are published at most; a change wakes the publisher at once.',
    ),
  HOLD_SWEEP_MS: z.coerce
    .number()
    .int()
    .min(20)
    .max(60_000)
    .default(2000)
    .describe('How often holds that have ended are given back.'),
  LEDGER_CHECK_MS: z.coerce
    .number()
    .int()
    .min(50)
    .max(3_600_000)
    .default(5_000)
    .describe('How often the count is checked against its own rows.'),
  LEDGER_CHECK_LEVELS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe('How many levels such a check takes.'),
  LIVE_STREAMS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(5_000)
    .describe('Clients of live counts through this process.'),
});

export type Config = z.infer<typeof configSchema>;

/** Throws ConfigError with every problem at once. */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
