import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import ts from 'typescript';

// The types were checked by `npm run typecheck`; here they are only taken away. Not a bundle: the tree
// keeps its shape, so that files read beside a module (.graphql) and stack traces stay where they are.
const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

const isTest = (path: string) => /\.spec\.ts$|(^|\/)test\//.test(path);
const isShipped = (path: string) =>
  path === 'package.json' ||
  /^(src|migrations|assets|public)\//.test(path) ||
  extname(path) === '.graphql';

export function compileModule(source: string, fileName: string): string {
  return ts.transpileModule(source, { compilerOptions, fileName }).outputText;
}

type Manifest = { exports?: string; devDependencies?: Record<string, string> };

/** The public face is the compiled one, and what only tests need is no dependency. */
export function compiledManifest(text: string): string {
  const { devDependencies: _tests, ...manifest } = JSON.parse(text) as Manifest;
  if (manifest.exports) manifest.exports = manifest.exports.replace(/\.ts$/, '.js');
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

async function compileFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  if (from.endsWith('package.json')) {
    await writeFile(to, compiledManifest(await readFile(from, 'utf8')));
  } else if (from.endsWith('.ts')) {
    await writeFile(to.replace(/\.ts$/, '.js'), compileModule(await readFile(from, 'utf8'), from));
  } else {
    await cp(from, to);
  }
}

/** Writes one workspace folder as JavaScript; returns the number of files. */
export async function compileFolder(from: string, to: string): Promise<number> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1))
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .filter((path) => isShipped(path) && !isTest(path));
  await Promise.all(files.map((path) => compileFile(join(from, path), join(to, path))));
  return files.length;
}
