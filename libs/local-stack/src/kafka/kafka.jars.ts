import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { repositoryRoot } from '../paths.ts';
import { isRunning } from '../process/process.ts';
import { StackError } from '../stack.errors.ts';

const run = promisify(execFile);

export const kafkaVersion = '4.1.1';
const javaVersionMin = 17;
// Maven ends by itself where there is no network; this bounds one that hangs.
const fetchWithinMs = 1_800_000;
const cacheDir = join(repositoryRoot, 'node_modules/.cache/onecount');
const jarsDir = join(cacheDir, `kafka-${kafkaVersion}`);

/** Throws a StackError that says what is missing when Kafka cannot run on this machine's JVM. */
export async function checkJava(): Promise<void> {
  const { stdout, stderr } = await run('java', ['-version']).catch(() => {
    throw new StackError(
      `there is no Java on the PATH (Kafka needs Java ${javaVersionMin} or newer)`,
    );
  });
  const major = Number(/version "(\d+)/.exec(stderr + stdout)?.[1]);
  if (!(major >= javaVersionMin)) {
    throw new StackError(
      `Java ${major || '?'} is too old for Kafka (${javaVersionMin} or newer is needed)`,
    );
  }
}

async function fetchJars(target: string): Promise<void> {
  const pom = join(repositoryRoot, 'tools/kafka/pom.xml');
  const args = [
    '-q',
    '-B',
    '-f',
    pom,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${target}`,
  ];
  await run('mvn', args, { timeout: fetchWithinMs }).catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT')
      throw new StackError("there is no Maven on the PATH to fetch Kafka's jars");
    const output = String((err as { stdout?: string }).stdout ?? '');
    const line = output.split('\n').find((text) => text.includes('[ERROR]')) ?? err.message;
    throw new StackError(
      `Maven could not fetch Kafka's jars: ${line.replace('[ERROR] ', '').trim()}`,
    );
  });
}

// Creating the file is the lock. A holder that died is known by its pid, or by age if it died before
// it had written one.
async function tryLock(lockFile: string): Promise<boolean> {
  const file = await open(lockFile, 'wx').catch(() => undefined);
  if (file) {
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  }
  const holder = Number(await readFile(lockFile, 'utf8').catch(() => ''));
  const age = Date.now() - (await stat(lockFile).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
  const isAbandoned = holder > 0 ? !(await isRunning(holder)) : age > 5_000;
  if (isAbandoned) await rm(lockFile, { force: true });
  return false;
}

/** Folder of Kafka's jars, fetched by Maven the first time; a second caller meanwhile waits for it. */
export async function kafkaJars(): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  const lockFile = `${jarsDir}.lock`;
  while (!existsSync(jarsDir)) {
    if (!(await tryLock(lockFile))) {
      await delay(200);
      continue;
    }
    const partial = `${jarsDir}.${process.pid}`;
    try {
      if (existsSync(jarsDir)) break;
      await fetchJars(partial);
      await rename(partial, jarsDir);
    } finally {
      await rm(partial, { recursive: true, force: true });
      await rm(lockFile, { force: true });
    }
  }
  return jarsDir;
}
