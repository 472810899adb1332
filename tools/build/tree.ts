import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceClosure } from './closure.ts';
import { compileFolder } from './compile.ts';

/** Writes what the app's image holds, but for the packages; returns the number of files. */
export async function buildTree(root: string, app: string, target: string): Promise<number> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  let files = 0;
  const folders = await workspaceClosure(root, app);
  for (const folder of folders) {
    files += await compileFolder(join(root, folder), join(target, folder));
  }
  // A workspace of its own, a part of ours: `npm ci` in it installs what these folders need, in the
  // versions of the one lockfile.
  const manifest = { name: `onecount-${app}`, private: true, type: 'module', workspaces: folders };
  await writeFile(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await cp(join(root, 'package-lock.json'), join(target, 'package-lock.json'));
  await cp(join(root, '.npmrc'), join(target, '.npmrc'));
  return files;
}
