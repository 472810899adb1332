import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of the SDL that every subgraph repeats; all of it is shareable. */
export const sharedTypeDefs: string = readFileSync(
  join(import.meta.dirname, 'shared.graphql'),
  'utf8',
);
