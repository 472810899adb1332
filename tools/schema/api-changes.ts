import { CriticalityLevel, diff, type Change } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/**
 * What in the public schema would break a client that was written against the base. A field that names scopes
 * may become nullable: its null is how it is refused (docs/adr/0166).
 */
export async function breakingApiChanges(
  baseSdl: string,
  sdl: string,
  refusable: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const changes = await diff(buildSchema(baseSdl), buildSchema(sdl));
  return changes
    .filter((change) => change.criticality.level === CriticalityLevel.Breaking)
    .filter((change) => !(refusable.has(change.path ?? '') && becomesNullable(change)))
    .map((change) => change.message);
}

function becomesNullable({ meta }: Change): boolean {
  const { oldFieldType, newFieldType } = meta as { oldFieldType?: string; newFieldType?: string };
  return newFieldType !== undefined && oldFieldType === `${newFieldType}!`;
}
