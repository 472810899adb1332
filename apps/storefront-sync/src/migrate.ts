import { runMigrationsFromEnv } from '@onecount/service';
import { migrations } from '../migrations/index.ts';

await runMigrationsFromEnv({ name: 'storefront-sync', migrations, functions: import.meta.dirname });
