import { spawn, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

type Line = {
  level: string;
  msg: string;
  url?: string;
  err?: { message: string };
  seconds?: number;
  failures?: number;
};
type Settings = Record<string, string | undefined>;
export type ServiceProcess = {
  child: ChildProcess;
  lines: Line[];
  url: string;
  exitCode: Promise<number | null>;
};

const running = new Set<ChildProcess>();

export function killServices(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** The minimal service as a process with these settings and no others. */
export function spawnService(settings: Settings) {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const script = join(import.meta.dirname, 'minimal-service.ts');
  const child = spawn(process.execPath, ['--max-semi-space-size=4', script], {
    env: Object.fromEntries(given) as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const lines: Line[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(JSON.parse(line) as Line));
  const ended = Promise.all([once(child, 'exit'), once(output, 'close')]);
  const exitCode = ended.then(([[code]]) => {
    running.delete(child);
    return code as number | null;
  });
  return { child, lines, output, exitCode };
}

/** Resolves when it listens. */
export async function startedService(settings: Settings): Promise<ServiceProcess> {
  const { output, ...service } = spawnService(settings);
  for await (const [line] of on(output, 'line', { close: ['close'] })) {
    const { msg, url } = JSON.parse(line as string) as Line;
    if (msg === 'listening' && url) return { ...service, url };
  }
  throw new Error(`ended before it listened: ${JSON.stringify(service.lines)}`);
}

export async function readyReport(url: string) {
  for (;;) {
    const response = await fetch(`${url}/health/ready`);
    const report = (await response.json()) as { status: string; parts: object };
    if (report.status !== 'starting') return { code: response.status, ...report };
  }
}
