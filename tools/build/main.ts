import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildTree } from './tree.ts';

// npm run build -- <app>…: writes apps/<app>/dist, the tree that the app's image holds.
const root = resolve(import.meta.dirname, '../..');

const apps = process.argv.slice(2);
const unknown = apps.find((app) => !existsSync(join(root, 'apps', app, 'package.json')));
if (apps.length === 0 || unknown) {
  process.stderr.write(unknown ? `There is no app ${unknown}\n` : 'npm run build -- <app>…\n');
  process.exitCode = 1;
} else {
  for (const app of apps) {
    const files = await buildTree(root, app, join(root, 'apps', app, 'dist'));
    process.stdout.write(`${app}: ${files} files in apps/${app}/dist\n`);
  }
}
