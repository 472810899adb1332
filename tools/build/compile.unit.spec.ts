import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { workspaceClosure } from './closure.ts';
import { compiledManifest, compileModule } from './compile.ts';

test('types go, relative imports name the compiled file', () => {
  const source = `import type { A } from './a.ts';\nimport { b } from './b.ts';\nimport pg from 'pg';\nexport const c: A = b(pg);\n`;
  expect(compileModule(source, 'c.ts')).toBe(
    `import { b } from "./b.js";\nimport pg from 'pg';\nexport const c = b(pg);\n`,
  );
});

test('a dynamic import is rewritten as well', () => {
  expect(compileModule(`export const load = () => import('./late.ts');\n`, 'd.ts')).toContain(
    'import("./late.js")',
  );
});

test('the places at which a test may kill the process are left out', () => {
  const source = `import { a } from './a.ts';
import { crashAt } from '@onecount/failpoint';
export async function commit(isLate: boolean) {
  crashAt('sale.commit.before-commit');
  if (isLate) crashAt('sale.commit.after-commit');
  return a(() => { crashAt('inbox.before-effect'); return 1; });
}
`;
  const compiled = compileModule(source, 'c.ts');
  expect(compiled).not.toMatch(/crashAt|failpoint/);
  expect(compiled).toContain('if (isLate)\n        ;\n    return a(');
});

test('the public face of a library is its compiled one, and tests need nothing there', () => {
  const manifest = JSON.stringify({
    name: '@onecount/db',
    exports: './src/index.ts',
    devDependencies: { '@onecount/testing': '0.1.0' },
  });
  expect(JSON.parse(compiledManifest(manifest))).toEqual({
    name: '@onecount/db',
    exports: './src/index.js',
  });
});

const root = resolve(__dirname, '../..');

test('an app takes the libraries that it needs, through others too, and no other app', async () => {
  const folders = await workspaceClosure(root, 'gateway');
  expect(folders[0]).toBe('apps/gateway');
  // By way of libs/process.
  expect(folders).toContain('libs/outage');
  expect(folders).not.toContain('libs/failpoint');
  expect(folders.filter((folder) => folder.startsWith('apps/'))).toEqual(['apps/gateway']);
  expect(folders).not.toContain('libs/testing');
});

type Lock = { packages: Record<string, { dependencies?: Record<string, string> }> };

/** Every package that the folders need, directly or through another; `@onecount/*` are folders themselves. */
async function packagesOf(folders: string[]): Promise<Set<string>> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const needs = (place: string) => Object.keys(lock.packages[place]?.dependencies ?? {});
  const found = new Set(folders.flatMap(needs));
  for (const name of found) needs(`node_modules/${name}`).forEach((other) => found.add(other));
  return found;
}

// It answers whole without a database and without events; what is not in its image cannot be broken into.
test('the gateway carries neither a database client nor a broker client', async () => {
  const databaseAndBroker = ['pg', 'typeorm', 'kafkajs'];
  const of = async (app: string) => {
    const packages = await packagesOf(await workspaceClosure(root, app));
    return databaseAndBroker.filter((name) => packages.has(name));
  };
  expect(await of('pos')).toEqual(databaseAndBroker);
  expect(await of('gateway')).toEqual([]);
});
