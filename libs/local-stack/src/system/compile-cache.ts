import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { compileCache, repositoryRoot } from '../paths.ts';
import { services } from './service-env.ts';

const run = promisify(execFile);
const fillWithinMs = 60_000;

// What a service loads by `import()` or by a flag, and so is not below its main.ts. One module that is
// missing here costs a service the 17 MB of the type stripper in its first run (docs/adr/0035).
const loadedLater = [
  'libs/db/src/entity-source.ts',
  'libs/local-stack/src/system/idle-memory.ts',
  'libs/messaging/src/embedded/embedded.transport.ts',
  'libs/messaging/src/kafka/kafka.transport.ts',
];

// Settled: apps are not made to run in one process and may clash there (two of them name a prepared
// statement alike), but by then their modules are compiled. The end of its input is the end of the launcher.
const load = `
  process.stdin.on('end', () => process.exit(1)).resume();
  await Promise.allSettled(process.argv.slice(1).map((url) => import(url)));
  process.exit(0);
`;

/**
 * Lets one process strip and compile the sources of all services, where seven would each do the same at
 * once and keep the stripper in memory. Without it they still start, so a failure is not reported.
 */
export async function fillCompileCache(): Promise<void> {
  const stampFile = join(compileCache, 'filled-for');
  try {
    const stamp = await stampOfSources();
    const known = await readFile(stampFile, 'utf8').catch(() => '');
    if (known === stamp) return;
    await loadAll();
    await writeFile(stampFile, stamp);
  } catch {
    // The services compile for themselves.
  }
}

async function loadAll(): Promise<void> {
  // Without settings a main.ts loads what it needs, says what is missing and ends.
  const modules = [...services.map((name) => `apps/${name}/src/main.ts`), ...loadedLater];
  const urls = modules.map((path) => pathToFileURL(join(repositoryRoot, path)).href);
  await run(process.execPath, ['--input-type=module', '-e', load, '--', ...urls], {
    cwd: repositoryRoot,
    env: { NODE_COMPILE_CACHE: compileCache },
    timeout: fillWithinMs,
  });
}

async function stampOfSources(): Promise<string> {
  const packages = await Promise.all(['apps', 'libs'].map((folder) => packagesIn(folder)));
  const sources = await Promise.all(packages.flat().map((path) => filesBelow(join(path, 'src'))));
  const files = ['package-lock.json', ...sources.flat()].map((path) => join(repositoryRoot, path));
  const facts = await Promise.all(
    files.map(async (path) => {
      const { mtimeMs, size } = await stat(path);
      return `${path} ${mtimeMs} ${size}`;
    }),
  );
  const text = [process.version, ...facts.toSorted()].join('\n');
  return createHash('sha256').update(text).digest('hex');
}

async function packagesIn(folder: string): Promise<string[]> {
  return (await readdir(join(repositoryRoot, folder))).map((name) => join(folder, name));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(repositoryRoot, folder), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1));
}
