import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** What in the public schema would break a client that was written against the base. */
export async function breakingApiChanges(baseSdl: string, sdl: string): Promise<string[]> {
  const changes = await diff(buildSchema(baseSdl), buildSchema(sdl));
  return changes
    .filter((change) => change.criticality.level === CriticalityLevel.Breaking)
    .map((change) => change.message);
}
