import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Today's text of one SQL function (all its signatures) with the triggers that call it. */
export type FunctionFile = {
  name: string;
  text: string;
  checksum: string;
  /** Names of the functions that must be there first. */
  needs: string[];
  isBeforeTables: boolean;
};

const functionName = /^[a-z_][a-z0-9_]*$/;
const created = /\bCREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+([a-z_][a-z0-9_]*)\s*\(/gi;
const beforeTables = /^-- @before-tables\b/m;
// A name in a comment or in a string calls nothing. Dollar quotes stay: they hold the bodies.
const noCode = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g;

/**
 * Reads every `*.sql` below the folders: one function a file, named as the file is. The order is
 * that of need: a function comes after those whose names it calls, and by name among equals.
 * Throws where two need each other, or a file is not what its name says.
 */
export async function readFunctionFiles(folders: string[]): Promise<FunctionFile[]> {
  const paths = (await Promise.all(folders.map(sqlFilesBelow))).flat();
  const texts = await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })),
  );
  const names = texts.map(nameOf);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice) throw new TypeError(`two files are named ${twice}.sql`);
  return inOrderOfNeed(texts.map(({ text }, place) => functionFile(names[place]!, text, names)));
}

async function sqlFilesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
}

function nameOf({ path, text }: { path: string; text: string }): string {
  const name = basename(path, '.sql');
  const defined = [...text.replace(noCode, '').matchAll(created)].map((match) => match[1]);
  if (!functionName.test(name) || defined.length === 0 || defined.some((one) => one !== name))
    throw new TypeError(`${path} must create the function ${name} and no other`);
  return name;
}

function functionFile(name: string, text: string, names: string[]): FunctionFile {
  const called = new Set(
    [...text.replace(noCode, '').matchAll(/\b([a-z_][a-z0-9_]*)\s*\(/gi)].map((match) => match[1]),
  );
  return {
    ...{ name, text, checksum: createHash('sha256').update(text).digest('hex') },
    needs: names.filter((other) => other !== name && called.has(other)).sort(),
    isBeforeTables: beforeTables.test(text),
  };
}

function inOrderOfNeed(files: FunctionFile[]): FunctionFile[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const ordered = new Set<FunctionFile>();
  const visit = (file: FunctionFile, callers: string[]): void => {
    if (ordered.has(file)) return;
    if (callers.includes(file.name)) {
      const circle = [...callers.slice(callers.indexOf(file.name)), file.name];
      throw new TypeError(`SQL functions call each other in a circle: ${circle.join(' -> ')}`);
    }
    for (const need of file.needs) visit(byName.get(need)!, [...callers, file.name]);
    ordered.add(file);
  };
  for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) visit(file, []);
  return [...ordered];
}
