import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** True while the process exists and is no zombie (a killed child that nobody has waited for yet). */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM';
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (!/^\d+ \(.*\) [ZX]/s.test(status)) return true;
  // A killed JVM shows a zombie first thread while the others still hold its sockets open.
  return (await readdir(`/proc/${pid}/task`).catch(() => [])).length > 1;
}

/** The process's command line, or '' when there is none: a pid alone proves nothing, pids are reused. */
export async function commandLine(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc.replaceAll('\0', ' ').trim();
  return run('ps', ['-p', String(pid), '-o', 'command='])
    .then(({ stdout }) => stdout.trim())
    .catch(() => '');
}

/** Tells two processes apart that had the same pid one after the other; '' when there is none. */
export async function startOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may hold spaces; the start time is the 20th field after it.
  if (status !== undefined) return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return run('ps', ['-p', String(pid), '-o', 'lstart='])
    .then(({ stdout }) => stdout.trim())
    .catch(() => '');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, which is what the caller wants.
  }
}

export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (await isRunning(pid)) {
    if (Date.now() > end) return false;
    await delay(25);
  }
  return true;
}

/** Asks by `signal`, then insists by SIGKILL; returns when the process is gone. */
export async function stopProcess(
  pid: number,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<void> {
  send(pid, signal);
  if (await waitForExit(pid, timeoutMs)) return;
  send(pid, 'SIGKILL');
  await waitForExit(pid, 5_000);
}
