import { httpUrl, loadConfig, serviceEnv } from '@onecount/config';
import type { DownloadSigning } from '@onecount/service';
import { z } from 'zod';

const seconds = (max: number) => z.coerce.number().positive().max(max);

export const configSchema = z.object({
  ...serviceEnv,
  INVENTORY_URL: httpUrl.describe('Origin of inventory.'),
  CATALOG_URL: httpUrl.describe('Origin of catalog.'),
  PUBLIC_URL: httpUrl.describe('Where clients reach this service for files, such as receipts.'),
  DOWNLOAD_SIGNING_SECRET: z
    .string()
    .min(32)
    .describe('Signs the addresses of files; one for all processes.'),
  DOWNLOAD_SECOND_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('What this secret signed is accepted too, while it takes the place of the other.'),
  SALE_HOLD_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(900)
    .describe('How long a line of a basket keeps its stock.'),
  SALE_PARKED_HOLD_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(7200)
    .describe(
      'How long a basket that is parked keeps its stock from then on; 0: as long as it did.',
    ),
  SALE_IDLE_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(31_536_000)
    .default(86_400)
    .describe(
      'When an open basket in which nothing was done, and that holds nothing any more, is voided.',
    ),
  SALE_PAYMENT_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(1_209_600)
    .default(1800)
    .describe('How long a checkout keeps its stock while its payment is awaited.'),
  SHIFT_HOURS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(744)
    .default(24)
    .describe('After how many hours a shift that is still open counts as left open.'),
  SWEEP_AFTER_SECONDS: seconds(3600)
    .default(3)
    .describe('When the sweeper looks after a checkout; then twice as long each time, 60 at most.'),
  SWEEP_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(20)
    .max(3_600_000)
    .default(2000)
    .describe('How often the sweeper looks.'),
  CLAIM_PATIENCE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(5000)
    .describe('How long a request asks an inventory that does not answer.'),
});

export type Config = z.infer<typeof configSchema>;

export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}

/** What signs the addresses of the documents that this service gives out. */
export const signingOf = (config: Config): DownloadSigning => ({
  publicUrl: config.PUBLIC_URL,
  secret: config.DOWNLOAD_SIGNING_SECRET,
  secondSecret: config.DOWNLOAD_SECOND_SECRET,
});
