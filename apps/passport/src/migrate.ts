import { runMigrationsFromEnv } from '@onecount/service';
import { migrations } from '../migrations/index.ts';

await runMigrationsFromEnv({ name: 'passport', migrations, functions: import.meta.dirname });
