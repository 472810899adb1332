import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failpointLibrary } from './failpoints.ts';

type Manifest = { name: string; dependencies?: Record<string, string> };

const prefix = '@onecount/';

/** Folders of the app and of every library that its image needs, directly or through another, app first. */
export async function workspaceClosure(root: string, app: string): Promise<string[]> {
  const folders = [`apps/${app}`];
  for (const folder of folders) {
    const manifest = JSON.parse(
      await readFile(join(root, folder, 'package.json'), 'utf8'),
    ) as Manifest;
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (name === failpointLibrary) continue;
      const library = `libs/${name.slice(prefix.length)}`;
      if (name.startsWith(prefix) && !folders.includes(library)) folders.push(library);
    }
  }
  return folders;
}
