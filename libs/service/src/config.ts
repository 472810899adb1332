import { loadConfig, postgresUrl } from '@onecount/config';
import { z } from 'zod';

const shape = z.object({
  MIGRATION_DATABASE_URL: postgresUrl,
  SERVICE_ROLE: z.string().optional(),
});

/** What a migration container reads; its address is that of the owner, not of the service. */
export function migrationConfig(): z.infer<typeof shape> {
  return loadConfig(shape, process.env);
}
