import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeSchemas } from '@onecount/events';
import { resolverTypes } from './resolver-types.ts';
import type { SubgraphSource } from './subgraphs.ts';
import { composeSupergraph } from './supergraph.ts';

export const apiFile = 'apps/gateway/api.graphql';
export const supergraphFile = 'apps/gateway/supergraph.graphql';

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
export async function graphFiles(subgraphs: SubgraphSource[]): Promise<GeneratedFile[]> {
  const { supergraphSdl, apiSdl } = composeSupergraph(subgraphs);
  return [
    { file: supergraphFile, text: supergraphSdl },
    { file: apiFile, text: apiSdl },
    ...(await eventFiles()),
  ];
}

// libs/events knows how to write its files; written aside first, so that the check writes nothing.
async function eventFiles(): Promise<GeneratedFile[]> {
  const aside = await mkdtemp(path.join(tmpdir(), 'onecount-schema-'));
  try {
    return await Promise.all(
      (await writeSchemas(aside)).map(async (file) => ({
        file,
        text: await readFile(path.join(aside, file), 'utf8'),
      })),
    );
  } finally {
    await rm(aside, { recursive: true });
  }
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
