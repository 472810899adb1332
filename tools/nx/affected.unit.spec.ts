import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const nx = join(root, 'node_modules/nx/dist/bin/nx.js');

/** The projects whose cached results are stale once this file changed, without `@onecount/`. */
async function affectedBy(file: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [nx, 'show', 'projects', '--affected', `--files=${file}`, '--json'],
    { cwd: root, env: { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0' } },
  );
  const projects = JSON.parse(stdout) as string[];
  return projects.map((name) => name.replace('@onecount/', '')).sort();
}

// The tests of tools read the pages, the Compose file, the examples and, end to end, every app.
test.each([
  ['docs/tour.md', ['tools']],
  ['apps/pos/src/service.ts', ['pos', 'tools']],
  ['libs/money/src/money.ts', ['catalog', 'inventory', 'money', 'pos', 'tools']],
])('a change of %s makes stale what reads it', async (file, projects) => {
  expect(await affectedBy(file)).toEqual(projects);
});

test('a migration is read by every integration test, for each starts from migrated databases', async () => {
  const affected = await affectedBy('apps/inventory/migrations/index.ts');
  expect(affected).toEqual(expect.arrayContaining(['db', 'gateway', 'passport', 'pos', 'tools']));
});
