import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const reportName = 'left-open.json';

/** What a Node process is started with so that `leftOpen` can ask it. */
export const reportOptions = (folder: string): string[] => [
  '--report-on-signal',
  `--report-directory=${folder}`,
  `--report-filename=${reportName}`,
  // Names of addresses are not asked for: where DNS does not answer, each costs seconds.
  '--report-exclude-network',
  '--report-exclude-env',
];

/** What keeps a process alive, one line each: sockets with their addresses, child processes with their ids. */
export async function leftOpen(child: ChildProcess, folder: string): Promise<string[]> {
  // Node answers this signal with a report, as soon as its event loop turns.
  child.kill('SIGUSR2');
  for (let tries = 0; tries < 50; tries += 1) {
    const report = await reportIn(folder);
    if (report) return report.libuv.filter(keepsAlive).map(described);
    await delay(100);
  }
  return ['unknown, for its event loop does not turn'];
}

async function reportIn(folder: string): Promise<{ libuv: Handle[] } | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, reportName), 'utf8')) as { libuv: Handle[] };
  } catch {
    // Not there yet, or half written.
    return undefined;
  }
}

/** One entry of Node's diagnostic report, section `libuv`, as far as it is read here. */
type Handle = {
  type: string;
  is_active: boolean;
  is_referenced?: boolean;
  localEndpoint?: Endpoint | null;
  remoteEndpoint?: Endpoint | null;
  pid?: number;
  repeat?: number;
  firesInMsFromNow?: number;
};
type Endpoint = { host?: string; port?: number } | string;

const keepsAlive = ({ is_active, is_referenced, type }: Handle): boolean =>
  is_active && is_referenced === true && type !== 'loop';

function described(handle: Handle): string {
  const { type, pid, localEndpoint, remoteEndpoint, repeat, firesInMsFromNow } = handle;
  if (pid !== undefined) return `${type} ${pid}`;
  if (type === 'timer') return `timer in ${firesInMsFromNow} ms, repeated after ${repeat} ms`;
  const ends = [localEndpoint, remoteEndpoint].flatMap((end) => (end ? [address(end)] : []));
  return [type, ends.join(' -> ')].join(' ').trim();
}

const address = (end: Endpoint): string =>
  typeof end === 'string' ? end : `${end.host}:${end.port}`;
