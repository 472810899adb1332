import { httpUrl, loadConfig, serviceEnv } from '@onecount/config';
import type { DownloadSigning } from '@onecount/service';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export const configSchema = z.object({
  ...serviceEnv,
  INVENTORY_URL: httpUrl.describe('Origin of inventory.'),
  PUBLIC_URL: httpUrl.describe('Where clients reach this service for uploads.'),
  UPLOAD_SIGNING_SECRET: z
    .string()
    .min(32)
    .describe('Signs the addresses of uploads; one for all processes.'),
  UPLOAD_SECOND_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('What this secret signed is accepted too, while it takes the place of the other.'),
  UPLOAD_DIR: z
    .string()
    .min(1)
    .default(join(tmpdir(), 'onecount-uploads'))
    .describe('Folder of uploads until they are imported; shared by all processes.'),
  UPLOAD_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_073_741_824)
    .default(104_857_600)
    .describe('Bytes of an upload at most.'),
  MEDIA_DIR: z
    .string()
    .min(1)
    .default(join(tmpdir(), 'onecount-media'))
    .describe('Folder of pictures, shared by all processes; unused with `MEDIA_S3_BUCKET`.'),
  MEDIA_S3_BUCKET: z
    .string()
    .min(1)
    .optional()
    .describe('Bucket of an S3-compatible store that keeps pictures.'),
  MEDIA_S3_ENDPOINT: httpUrl.optional().describe('Its address where it is not the one of Amazon.'),
  MEDIA_S3_REGION: z.string().min(1).default('us-east-1').describe('Its region.'),
  MEDIA_S3_ACCESS_KEY_ID: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Key of the store; without one, what the SDK finds: its variables, a file, the machine's role.",
    ),
  MEDIA_S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe('Secret of that key.'),
  MEDIA_FETCH_LOOPBACK: z
    .stringbool()
    .default(false)
    .describe(
      'Whether pictures may be fetched from this machine itself; for development and tests.',
    ),
  IMPORT_LEASE_SECONDS: z.coerce
    .number()
    .min(1)
    .max(300)
    .default(10)
    .describe('After how long another process goes on with the import of one that is gone.'),
});

export type CatalogConfig = z.infer<typeof configSchema>;

export const downloadSigning = (config: CatalogConfig): DownloadSigning => ({
  publicUrl: config.PUBLIC_URL,
  secret: config.UPLOAD_SIGNING_SECRET,
  secondSecret: config.UPLOAD_SECOND_SECRET,
});

export function readConfig(): CatalogConfig {
  return loadConfig(configSchema, process.env);
}
