import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asyncApiDocument, eventSchemas } from '@onecount/events';
import { stringify } from 'yaml';
import { resolverTypes } from './resolver-types.ts';
import { settingsFile, settingsPage } from './settings.ts';
import { fieldScopes } from './scopes.ts';
import type { SubgraphSource } from './subgraphs.ts';
import { composeSupergraph } from './supergraph.ts';

export const apiFile = 'apps/gateway/api.graphql';
export const supergraphFile = 'apps/gateway/supergraph.graphql';
const scopesFile = 'apps/gateway/src/generated/field-scopes.json';

/** Path from the repository's root and what must stand there. */
export type GeneratedFile = { file: string; text: string };

/** The resolver types of each app; they follow from its own SDL alone. */
export function typeFiles(root: string, subgraphs: SubgraphSource[]): Promise<GeneratedFile[]> {
  return Promise.all(
    subgraphs.map(async (subgraph) => ({
      file: path.join(subgraph.folder, 'src/generated/resolver-types.ts'),
      text: await resolverTypes(root, subgraph),
    })),
  );
}

/** What follows from all of them together, and from libs/events. Throws CompositionFailed. */
export function graphFiles(subgraphs: SubgraphSource[]): GeneratedFile[] {
  const { supergraphSdl, apiSdl } = composeSupergraph(subgraphs);
  return [
    { file: supergraphFile, text: supergraphSdl },
    { file: apiFile, text: apiSdl },
    { file: scopesFile, text: `${JSON.stringify(fieldScopes(subgraphs), null, 2)}\n` },
    ...eventFiles(),
  ];
}

function eventFiles(): GeneratedFile[] {
  return [
    ...eventSchemas().map(({ path: file, schema }) => ({
      file,
      text: `${JSON.stringify(schema, null, 2)}\n`,
    })),
    // No anchors: people read it, and a referenced schema stands under its name anyway.
    {
      file: 'docs/asyncapi.yaml',
      text: stringify(asyncApiDocument(), { aliasDuplicateObjects: false, lineWidth: 100 }),
    },
  ];
}

/** Writes what differs and answers those paths: an unchanged file keeps its time for caches. */
export async function writeGenerated(root: string, files: GeneratedFile[]): Promise<string[]> {
  const stale = await staleFiles(root, files);
  for (const { file, text } of files.filter((one) => stale.includes(one.file))) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  return stale;
}

export async function staleFiles(root: string, files: GeneratedFile[]): Promise<string[]> {
  const checked = await Promise.all(
    files.map(async ({ file, text }) => {
      const present = await readFile(path.join(root, file), 'utf8').catch(() => undefined);
      return present === text ? [] : [file];
    }),
  );
  return checked.flat();
}

export function settingFiles(): GeneratedFile[] {
  return [{ file: settingsFile, text: settingsPage() }];
}
