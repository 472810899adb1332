import { runMain } from '@onecount/service';
import { readConfig } from './config.ts';
import { definition } from './service.ts';

await runMain(definition, readConfig);
