import { eventWaitMs, loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

export const configSchema = z.object({ ...serviceEnv, EVENT_WAIT_MS: eventWaitMs });

export type WorkshopConfig = z.infer<typeof configSchema>;

export function readConfig(): WorkshopConfig {
  return loadConfig(configSchema, process.env);
}
