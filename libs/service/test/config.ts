import { loadConfig, serviceEnv, type ServiceConfig } from '@onecount/config';
import { z } from 'zod';

export function readConfig(): ServiceConfig {
  return loadConfig(z.object(serviceEnv), process.env);
}
