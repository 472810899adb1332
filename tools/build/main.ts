import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { workspaceClosure } from './closure.ts';
import { compileFolder } from './compile.ts';

// npm run build -- <app>…: writes apps/<app>/dist, the tree that the app's image holds.
const root = resolve(import.meta.dirname, '../..');

async function build(app: string): Promise<void> {
  const target = join(root, 'apps', app, 'dist');
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
  process.stdout.write(`${app}: ${files} files in apps/${app}/dist\n`);
}

const apps = process.argv.slice(2);
const unknown = apps.find((app) => !existsSync(join(root, 'apps', app, 'package.json')));
if (apps.length === 0 || unknown) {
  process.stderr.write(unknown ? `There is no app ${unknown}\n` : 'npm run build -- <app>…\n');
  process.exitCode = 1;
} else {
  for (const app of apps) await build(app);
}
