import { loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

const schema = z.object({
  ...serviceEnv,
  /** Whether a webhook may point at this machine. Off in production unless it is said. */
  ALLOW_LOOPBACK_WEBHOOKS: z.stringbool().optional(),
  /** An endpoint that fails for so long is asked no more until somebody resumes it. */
  WEBHOOK_SUSPEND_HOURS: z.coerce.number().positive().default(72),
});

export type StorefrontConfig = z.infer<typeof schema> & { ALLOW_LOOPBACK_WEBHOOKS: boolean };

export function readConfig(): StorefrontConfig {
  const env = loadConfig(schema, process.env);
  const isDevelopment = env.NODE_ENV !== 'production';
  return { ...env, ALLOW_LOOPBACK_WEBHOOKS: env.ALLOW_LOOPBACK_WEBHOOKS ?? isDevelopment };
}
