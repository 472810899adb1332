import { eventWaitMs, loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

const schema = z.object({ ...serviceEnv, EVENT_WAIT_MS: eventWaitMs });

export type WorkshopConfig = z.infer<typeof schema>;

export function readConfig(): WorkshopConfig {
  return loadConfig(schema, process.env);
}
