import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Kind, parse, visit, type DocumentNode } from 'graphql';

export const subgraphNames = [
  'catalog',
  'inventory',
  'pos',
  'workshop',
  'passport',
  'storefront-sync',
] as const;

/** `document` is the app's own SDL together with the SDL that every subgraph shares. */
export type SubgraphSource = { name: string; folder: string; document: DocumentNode };

/** Something is wrong with the SDL; the message says where, and no stack is needed to fix it. */
export class SdlInvalid extends Error {
  override readonly name: string = 'SdlInvalid';
}

const federationLink = parse(
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
     import: ["@key", "@shareable", "@inaccessible", "@external"])`,
  { noLocation: true },
);
const sharedFile = 'libs/graphql/src/shared.graphql';

/** Reads the SDL of the named subgraphs, or of all, below `root`; no code of an app is run. */
export async function readSubgraphs(
  root: string,
  names: readonly string[] = subgraphNames,
): Promise<SubgraphSource[]> {
  const shared = await parsed(root, sharedFile);
  return Promise.all(names.map((name) => readSubgraph(root, name, shared)));
}

async function readSubgraph(
  root: string,
  name: string,
  shared: DocumentNode,
): Promise<SubgraphSource> {
  const folder = path.join('apps', name);
  const files = await sdlFiles(root, folder);
  if (files.length === 0) throw new SdlInvalid(`${folder} has no .graphql file.`);
  const own = await Promise.all(files.map((file) => parsed(root, file)));
  return { name, folder, document: linked(merged([shared, ...own])) };
}

async function parsed(root: string, file: string): Promise<DocumentNode> {
  // Locations would make two equal documents differ and are printed nowhere.
  const text = await readFile(path.join(root, file), 'utf8');
  try {
    return parse(text, { noLocation: true });
  } catch (err) {
    throw new SdlInvalid(`${file}: ${String(err)}`);
  }
}

async function sdlFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true });
  return entries
    .filter(
      (entry) => entry.endsWith('.graphql') && !/(^|\/)(node_modules|test|dist)\//.test(entry),
    )
    .map((entry) => path.join(folder, entry))
    .sort();
}

function merged(documents: DocumentNode[]): DocumentNode {
  return { kind: documents[0]!.kind, definitions: documents.flatMap((one) => one.definitions) };
}

// The server adds the same line to an app that does not write it.
function linked(document: DocumentNode): DocumentNode {
  const isLinked = document.definitions.some(({ kind }) => kind === Kind.SCHEMA_EXTENSION);
  return isLinked ? document : merged([federationLink, document]);
}

/** The document without its link to the federation specification, as code generation wants it. */
export function withoutSchemaExtension(document: DocumentNode): DocumentNode {
  return visit(document, { SchemaExtension: () => null });
}
