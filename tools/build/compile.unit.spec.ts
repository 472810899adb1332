import { resolve } from 'node:path';
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

test('an app takes the libraries that it needs, through others too, and no other app', async () => {
  const folders = await workspaceClosure(resolve(__dirname, '../..'), 'gateway');
  expect(folders[0]).toBe('apps/gateway');
  // By way of libs/graphql; what would bring pg and typeorm is not among them.
  expect(folders).toContain('libs/telemetry');
  expect(folders).not.toContain('libs/db');
  expect(folders).not.toContain('libs/messaging');
  expect(folders.filter((folder) => folder.startsWith('apps/'))).toEqual(['apps/gateway']);
  expect(folders).not.toContain('libs/testing');
});
