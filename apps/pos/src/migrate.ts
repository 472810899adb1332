import { runMigrationsFromEnv } from '@onecount/service';
import { migrations } from '../migrations/index.ts';

await runMigrationsFromEnv({ name: 'pos', migrations, functions: import.meta.dirname });
