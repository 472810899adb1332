import { spawn } from 'node:child_process';

// PostgreSQL and the JVM run detached, so that Ctrl-C in a terminal does not reach them before the
// services have drained. Detached means that they would outlive a launcher killed by SIGKILL. A shell
// that waits on a pipe from the launcher sees its end whatever ended it: no polling, no pid races.
const stopScript = `
read -r word
[ "$word" = done ] && exit 0
kill -s "$2" "$1" 2>/dev/null
count=0
while kill -0 "$1" 2>/dev/null && [ "$count" -lt 1200 ]; do sleep 0.1; count=$((count + 1)); done
kill -9 "$1" 2>/dev/null
exit 0`;

// Processes that still write into the folder make rm fail; they have their own reapers.
const removeScript = `
read -r word
[ "$word" = done ] && exit 0
count=0
while [ -e "$1" ] && [ "$count" -lt 250 ]; do rm -rf "$1" 2>/dev/null; sleep 0.1; count=$((count + 1)); done
exit 0`;

export type Reaper = { dismiss(): Promise<void> };

function startReaper(script: string, args: string[]): Reaper {
  const shell = spawn('/bin/sh', ['-c', script, 'onecount-reaper', ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  const exited = new Promise<void>((resolve) => shell.once('close', () => resolve()));
  shell.once('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref?(): void }).unref?.();
  return {
    async dismiss() {
      shell.ref();
      shell.stdin.end('done\n');
      await exited;
    },
  };
}

/** Stops process `pid` when this process ends without having dismissed the reaper. */
export function reapProcess(pid: number, signal: 'INT' | 'TERM'): Reaper {
  return startReaper(stopScript, [String(pid), signal]);
}

/** Removes a temporary folder when this process ends without having dismissed the reaper. */
export function reapFolder(folder: string): Reaper {
  return startReaper(removeScript, [folder]);
}
