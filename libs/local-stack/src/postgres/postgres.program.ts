import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PortTakenError, StackError } from '../stack.errors.ts';
import type { PostgresBinaries } from './postgres.binaries.ts';
import type { PostgresOptions } from './postgres.ts';
import type { PostgresUser } from './postgres.user.ts';

export type Context = {
  options: PostgresOptions;
  binaries: PostgresBinaries;
  user: PostgresUser;
  port: number;
  logFile: string;
};

/** One of PostgreSQL's programs; what it says goes to the log file, from `logFrom` on. */
export type Program = { child: ChildProcess; logFrom: number };

export async function runProgram(
  { options, user, logFile }: Context,
  { file, args, input }: { file: string; args: string[]; input?: string },
): Promise<Program> {
  const command = await user.command(file, args, [options.dataDir]);
  const output = openSync(logFile, 'a', 0o600);
  const logFrom = fstatSync(output).size;
  try {
    const child = spawn(command.file, command.args, {
      uid: command.uid,
      gid: command.gid,
      detached: true,
      cwd: '/',
      stdio: [input === undefined ? 'ignore' : 'pipe', output, output],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
    await once(child, 'spawn');
    child.stdin?.on('error', () => undefined).end(input);
    return { child, logFrom };
  } finally {
    closeSync(output);
  }
}

/** Why it ended, by the last words of its log. */
export async function whyItEnded(context: Context, { logFrom }: Program): Promise<StackError> {
  const { options, logFile, port } = context;
  const log = await readFile(logFile).catch(() => Buffer.of());
  const lines = log.subarray(logFrom).toString().trim().split('\n');
  const last = lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? '';
  if (last.includes('could not create any TCP/IP sockets'))
    return new PortTakenError(`PostgreSQL: port ${port} on 127.0.0.1 is in use.`);
  const reason = last.replace(/^.*?(FATAL|PANIC): */, '');
  return new StackError(
    `PostgreSQL did not start from ${options.dataDir}: ${reason} (log: ${logFile}; the data was left as it is)`,
  );
}
