import { runMigrationsFromEnv } from '@onecount/service';
import { migrations } from '../migrations/index.ts';

await runMigrationsFromEnv({ name: 'catalog', migrations, functions: import.meta.dirname });
