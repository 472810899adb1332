import { loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

export const configSchema = z.object({
  ...serviceEnv,
  ALLOW_LOOPBACK_WEBHOOKS: z
    .stringbool()
    .optional()
    .describe('Whether a webhook may point at this machine; in production not, unless it is said.'),
  WEBHOOK_SUSPEND_HOURS: z.coerce
    .number()
    .positive()
    .default(72)
    .describe('An endpoint that fails for so long is asked no more until somebody resumes it.'),
});

export type StorefrontConfig = z.infer<typeof configSchema> & { ALLOW_LOOPBACK_WEBHOOKS: boolean };

export function readConfig(): StorefrontConfig {
  const env = loadConfig(configSchema, process.env);
  const isDevelopment = env.NODE_ENV !== 'production';
  return { ...env, ALLOW_LOOPBACK_WEBHOOKS: env.ALLOW_LOOPBACK_WEBHOOKS ?? isDevelopment };
}
