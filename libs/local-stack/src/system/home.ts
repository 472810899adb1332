import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stopLeftoverKafka } from '../kafka/kafka.ts';
import { stopLeftoverPostgres } from '../postgres/postgres.ts';
import { isRunning, startOf, stopProcess } from '../process/process.ts';
import { StackError } from '../stack.errors.ts';

/** Where things are under the home folder of one system. */
export function homePaths(home: string) {
  return {
    home,
    postgres: join(home, 'postgres'),
    kafka: join(home, 'kafka'),
    logs: join(home, 'logs'),
    uploads: join(home, 'uploads'),
    media: join(home, 'media'),
    secrets: join(home, 'secrets.json'),
    issuerKey: join(home, 'issuer-key.json'),
    devFile: join(home, 'dev.json'),
    launcher: join(home, 'launcher.json'),
    lock: join(home, 'launcher.lock'),
  };
}

export type HomePaths = ReturnType<typeof homePaths>;

/** What a running launcher leaves for others to read; `start` guards against a pid that was reused. */
export type LauncherRecord = {
  pid: number;
  start: string;
  issuer?: string;
  services: { name: string; pid: number; start: string }[];
};

export async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** Readers see the old file or the new one, never half of it. */
export async function writeJson(path: string, value: unknown, mode = 0o600): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode, flush: true });
  await rename(draft, path);
}

async function isAlive({ pid, start }: { pid: number; start: string }): Promise<boolean> {
  return (await isRunning(pid)) && (await startOf(pid)) === start;
}

/** The record of the launcher that runs in this home now, if one does. */
export async function runningLauncher(home: string): Promise<LauncherRecord | undefined> {
  const record = await readJson<LauncherRecord>(homePaths(home).launcher);
  return record && (await isAlive(record)) ? record : undefined;
}

// Other users of the machine read nothing here. Started by root, PostgreSQL runs as another user and
// must get through.
const homeMode = process.getuid?.() === 0 ? 0o711 : 0o700;

async function makeFolders(paths: HomePaths): Promise<void> {
  try {
    await mkdir(paths.home, { recursive: true });
    await chmod(paths.home, homeMode);
    for (const folder of [paths.logs, paths.kafka, paths.uploads, paths.media]) {
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o700);
    }
    const probe = join(paths.home, `.writable-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe, { force: true });
  } catch (err) {
    const reason = (err as NodeJS.ErrnoException).code;
    throw new StackError(`The data folder ${paths.home} cannot be written (${reason}).`);
  }
}

async function stopLeftoverServices(record: LauncherRecord | undefined): Promise<void> {
  for (const service of record?.services ?? []) {
    if (await isAlive(service)) await stopProcess(service.pid, 'SIGKILL', 2_000);
  }
}

export type ClaimedHome = {
  paths: HomePaths;
  record(change: Partial<LauncherRecord>): Promise<void>;
  release(): Promise<void>;
};

// Node has no flock; SQLite's file lock is one, and the kernel lifts it when its process dies, however it does.
function lockHome(path: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    return undefined;
  }
}

/** Makes the home this process's own: refuses while another launcher runs in it, stops what a dead one left. */
export async function claimHome(home: string): Promise<ClaimedHome> {
  const paths = homePaths(home);
  await makeFolders(paths);
  const lock = lockHome(paths.lock);
  const other = await runningLauncher(home);
  if (other) {
    lock?.close();
    throw new StackError(`Onecount already runs in ${home} (pid ${other.pid}).`);
  }
  if (!lock) throw new StackError(`Onecount is being started in ${home} by another process.`);
  const left = await readJson<LauncherRecord>(paths.launcher);
  let record: LauncherRecord = {
    pid: process.pid,
    start: await startOf(process.pid),
    services: [],
  };
  await writeJson(paths.launcher, record);
  await rm(paths.devFile, { force: true });
  await stopLeftoverServices(left);
  let writing: Promise<void> = Promise.resolve();
  return {
    paths,
    record(change) {
      record = { ...record, ...change };
      const current = record;
      writing = writing.then(() => writeJson(paths.launcher, current));
      return writing;
    },
    async release() {
      await writing.catch(() => undefined);
      await rm(paths.devFile, { force: true });
      await rm(paths.launcher, { force: true });
      lock.close();
    },
  };
}

/** Ends services, PostgreSQL and Kafka that a killed launcher left in this home. */
export async function stopLeftovers(home: string): Promise<void> {
  const paths = homePaths(home);
  await stopLeftoverServices(await readJson<LauncherRecord>(paths.launcher));
  await stopLeftoverPostgres({ dataDir: paths.postgres });
  await stopLeftoverKafka({ dataDir: paths.kafka });
}
