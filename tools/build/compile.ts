import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import ts from 'typescript';
import { failpointLibrary, withoutFailpoints } from './failpoints.ts';

// The types were checked by `npm run typecheck`; here they are only taken away. Not a bundle: the tree
// keeps its shape, so that files read beside a module (.graphql) and stack traces stay where they are.
const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

// Types of a package that has none: nothing runs them.
const isDeclaration = (path: string) => path.endsWith('.d.ts');
const isTest = (path: string) => /\.spec\.ts$|(^|\/)test\//.test(path);
// GraphiQL is a development dependency: its page has nothing to show in an image.
const isExplorer = (path: string) => /\/explorer\/.*\.(html|js|graphql)$/.test(path);
const isLeftOut = (path: string) => isDeclaration(path) || isTest(path) || isExplorer(path);
const isShipped = (path: string) =>
  path === 'package.json' ||
  /^(src|migrations|assets|public)\//.test(path) ||
  extname(path) === '.graphql';

export function compileModule(source: string, fileName: string): string {
  const transformers = { before: [withoutFailpoints] };
  return ts.transpileModule(source, { compilerOptions, fileName, transformers }).outputText;
}

type Manifest = {
  exports?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};

/** The public face is the compiled one, and what only tests need is no dependency. */
export function compiledManifest(text: string): string {
  const { devDependencies: _tests, ...manifest } = JSON.parse(text) as Manifest;
  delete manifest.dependencies?.[failpointLibrary];
  if (manifest.exports) manifest.exports = manifest.exports.replace(/\.ts$/, '.js');
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

// Several apps that are built in one go share their libraries.
const compiled = new Map<string, Promise<string>>();

function compiledOnce(path: string): Promise<string> {
  const known = compiled.get(path);
  if (known) return known;
  const code = readFile(path, 'utf8').then((source) => compileModule(source, path));
  compiled.set(path, code);
  return code;
}

// What is left of a module that has types alone; whoever needs them needs nothing when the program runs.
const nothing = /^(\s|\/\/.*|\/\*[^]*?\*\/)*export \{\};\s*$/;

/** Answers how many files that makes: one or none. */
async function compileFile(from: string, to: string): Promise<number> {
  await mkdir(dirname(to), { recursive: true });
  if (from.endsWith('package.json')) {
    await writeFile(to, compiledManifest(await readFile(from, 'utf8')));
  } else if (from.endsWith('.ts')) {
    const code = await compiledOnce(from);
    if (nothing.test(code)) return 0;
    await writeFile(to.replace(/\.ts$/, '.js'), code);
  } else {
    await cp(from, to);
  }
  return 1;
}

/** Writes one workspace folder as JavaScript; returns the number of files. */
export async function compileFolder(from: string, to: string): Promise<number> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1))
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .filter((path) => isShipped(path) && !isLeftOut(path));
  const made = await Promise.all(
    files.map((path) => compileFile(join(from, path), join(to, path))),
  );
  return made.reduce((sum, count) => sum + count, 0);
}
