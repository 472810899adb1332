import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../process/ports.ts';
import { commandLine, isRunning, stopProcess, waitForExit } from '../process/process.ts';
import { reapProcess, type Reaper } from '../process/reaper.ts';
import { StackError } from '../stack.errors.ts';
import { postgresBinaries } from './postgres.binaries.ts';
import { initialise, setPassword } from './postgres.folder.ts';
import { runProgram, whyItEnded, type Context, type Program } from './postgres.program.ts';
import { postgresUser } from './postgres.user.ts';

// A server that cannot start ends, and a recovery takes as long as it takes; this bounds one that hangs.
const readyWithinMs = 600_000;
const stopWithinMs = 8_000;
// What an earlier run left behind may be in the middle of a recovery; nobody waits at a terminal for it.
const leftoverWithinMs = 60_000;

export type PostgresOptions = {
  dataDir: string;
  port?: number;
  /** Password of the superuser `postgres`; fixed when the data folder is made. */
  password: string;
  /** Called with one line about what happens; the server's own log goes to `<dataDir>.log`. */
  log?: (line: string) => void;
  /** false: no fsync. It survives kill -9, not power loss: for tests. */
  isDurable?: boolean;
  settings?: Record<string, string>;
  /** Called when the server ends although neither stop() nor kill() was called. */
  onLost?: () => void;
};

export type Postgres = {
  mode: 'embedded' | 'external';
  host: string;
  port: number;
  pid(): number;
  /** Superuser's URL of a database; `postgres` when none is named. */
  adminUrl(database?: string): string;
  logFile: string;
  /** Fast shutdown by SIGINT, then SIGKILL after `withinMs` (8 s). */
  stop(withinMs?: number): Promise<void>;
  /** SIGKILL to the postmaster; `start` brings the same data folder back on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
};

/** A postmaster of this data folder that an earlier run left behind is stopped; a stale pid file is removed. */
export async function stopLeftoverPostgres(
  options: Pick<PostgresOptions, 'dataDir' | 'log'>,
): Promise<void> {
  const pidFile = join(options.dataDir, 'postmaster.pid');
  const content = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number(content.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  const isOurs = (await isRunning(pid)) && (await commandLine(pid)).includes(options.dataDir);
  if (isOurs) {
    options.log?.(`stopping a PostgreSQL that an earlier run left behind (pid ${pid})`);
    await stopProcess(pid, 'SIGINT', leftoverWithinMs);
  }
  await rm(pidFile, { force: true });
}

function serverArguments({ options, port }: Context): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '128MB',
    max_wal_size: '512MB',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(options.isDurable === false ? { fsync: 'off', full_page_writes: 'off' } : {}),
    ...options.settings,
  };
  return [
    '-D',
    options.dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/**
 * Whether the server that we started says so itself, in its data folder: on the port another one may answer.
 * Lines of postmaster.pid: 1 the process, 4 the port, 8 the state.
 */
async function isUp({ child }: Program, { options, port }: Context): Promise<boolean> {
  const text = await readFile(join(options.dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  return lines[0] === String(child.pid) && lines[3] === String(port) && lines[7] === 'ready';
}

async function answers(url: string): Promise<'yes' | 'not yet' | 'wrong password'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 30_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return 'yes';
  } catch (err) {
    return (err as { code?: string }).code === '28P01' ? 'wrong password' : 'not yet';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Resolves when it answers, to our password or not to it; throws why it ended. */
async function waitUntilReady(
  program: Program,
  url: string,
  context: Context,
): Promise<'yes' | 'wrong password'> {
  const { child } = program;
  const end = Date.now() + readyWithinMs;
  for (;;) {
    const answer = (await isUp(program, context)) ? await answers(url) : 'not yet';
    if (answer !== 'not yet') return answer;
    if (child.exitCode !== null || child.signalCode !== null)
      throw await whyItEnded(context, program);
    if (Date.now() > end) {
      throw new StackError(
        `PostgreSQL was not ready in ${readyWithinMs / 1000} s (log: ${context.logFile})`,
      );
    }
    await delay(20);
  }
}

/** Starts PostgreSQL on 127.0.0.1 from a data folder that is made when it is missing. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const context: Context = {
    options,
    binaries: await postgresBinaries(),
    user: await postgresUser(),
    port: options.port ?? (await freePort()),
    logFile: `${options.dataDir}.log`,
  };
  const adminUrl = (database = 'postgres') =>
    `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${context.port}/${database}`;
  let running: { pid: number; reaper: Reaper } | undefined;

  async function start(): Promise<void> {
    await stopLeftoverPostgres(options);
    await initialise(context);
    const endsAt = Date.now() + stopWithinMs;
    for (;;) {
      try {
        return await startOnce();
      } catch (err) {
        // Backends of a killed postmaster need a moment to notice; until then the memory is theirs.
        const isHeld = err instanceof Error && err.message.includes('shared memory block');
        if (!isHeld || Date.now() > endsAt) throw err;
        await delay(50);
      }
    }
  }
  async function startOnce(): Promise<void> {
    const args = serverArguments(context);
    const program = await runProgram(context, { file: context.binaries.postgres, args });
    const { child } = program;
    const started = { pid: child.pid!, reaper: reapProcess(child.pid!, 'INT') };
    running = started;
    child.unref();
    try {
      const answer = await waitUntilReady(program, adminUrl(), context);
      if (answer === 'wrong password') {
        await stop();
        await setPassword(context);
        return await startOnce();
      }
    } catch (err) {
      await stop();
      throw err;
    }
    child.once('exit', () => {
      if (running !== started) return;
      running = undefined;
      void started.reaper.dismiss().then(options.onLost);
    });
  }
  async function end(signal: NodeJS.Signals, withinMs = stopWithinMs): Promise<void> {
    if (!running) return;
    const { pid, reaper } = running;
    running = undefined;
    await stopProcess(pid, signal, withinMs);
    await waitForExit(pid, 1_000);
    await reaper.dismiss();
  }
  // SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, nothing acknowledged is lost.
  const stop = (withinMs?: number) => end('SIGINT', withinMs);

  await start();
  return {
    mode: 'embedded',
    host: '127.0.0.1',
    port: context.port,
    pid: () => running?.pid ?? 0,
    adminUrl,
    logFile: context.logFile,
    stop,
    kill: () => end('SIGKILL'),
    start,
  };
}
