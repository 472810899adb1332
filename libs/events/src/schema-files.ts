import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asyncApiDocument } from './asyncapi.ts';
import { dataSchemaId, eventRegistry, eventTypes, type EventType } from './registry.ts';
import { toYaml } from './yaml.ts';

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

/** Writes the schema files and docs/asyncapi.yaml under `root`; answers the paths it wrote. */
export async function writeSchemas(root: string): Promise<string[]> {
  const files = eventSchemas().map(({ path, schema }) => ({
    path,
    body: `${JSON.stringify(schema, null, 2)}\n`,
  }));
  files.push({ path: 'docs/asyncapi.yaml', body: toYaml(asyncApiDocument()) });
  for (const { path, body } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), body);
  }
  return files.map(({ path }) => path);
}
