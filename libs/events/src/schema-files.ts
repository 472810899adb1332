import { dataSchemaId, eventRegistry, eventTypes, type EventType } from './registry.ts';

export type EventSchemaFile = { type: EventType; path: string; schema: Record<string, unknown> };

/** JSON Schema 2020-12 of every event's data, with the path of its file from the repository's root. */
export function eventSchemas(): EventSchemaFile[] {
  return eventTypes.map((type) => ({
    type,
    path: `libs/events/schemas/${type}.v${eventRegistry[type].dataVersion}.json`,
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: dataSchemaId(type),
      title: type,
      // A copy through JSON drops TypeBox's symbols and leaves plain JSON Schema.
      ...(JSON.parse(JSON.stringify(eventRegistry[type].schema)) as Record<string, unknown>),
    },
  }));
}
