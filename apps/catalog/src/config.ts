import { httpUrl, loadConfig, serviceEnv } from '@onecount/config';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const shape = z.object({
  ...serviceEnv,
  INVENTORY_URL: httpUrl,
  /** Where clients reach this service for uploads. */
  PUBLIC_URL: httpUrl,
  UPLOAD_SIGNING_SECRET: z.string().min(32),
  UPLOAD_DIR: z.string().min(1).default(join(tmpdir(), 'onecount-uploads')),
  UPLOAD_BYTES_MAX: z.coerce.number().int().min(1).max(1_073_741_824).default(104_857_600),
  IMPORT_LEASE_SECONDS: z.coerce.number().min(1).max(300).default(10),
});

export type CatalogConfig = z.infer<typeof shape>;

export function readConfig(): CatalogConfig {
  return loadConfig(shape, process.env);
}
