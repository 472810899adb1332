import { httpUrl, loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

const seconds = (max: number) => z.coerce.number().positive().max(max);

export const configSchema = z.object({
  ...serviceEnv,
  INVENTORY_URL: httpUrl,
  CATALOG_URL: httpUrl,
  SALE_HOLD_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  SWEEP_AFTER_SECONDS: seconds(3600).default(3),
  SWEEP_INTERVAL_MS: z.coerce.number().int().min(20).max(3_600_000).default(2000),
  CLAIM_PATIENCE_MS: z.coerce.number().int().min(0).max(60_000).default(5000),
});

export type Config = z.infer<typeof configSchema>;

export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
