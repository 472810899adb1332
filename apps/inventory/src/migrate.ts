import { runMigrationsFromEnv } from '@onecount/service';
import { migrations } from '../migrations/index.ts';

await runMigrationsFromEnv({ name: 'inventory', migrations, functions: import.meta.dirname });
