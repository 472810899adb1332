import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isRunning } from '@onecount/local-stack';
import { eventually } from '@onecount/testing';

// For the launcher's own tests: runs the tools as a person does and looks at them from outside.

const root = resolve(import.meta.dirname, '../..');

export type DevFile = {
  graphqlUrl: string;
  services: Record<string, string>;
  tokens: Record<string, string>;
};

export async function devFile(home: string): Promise<DevFile> {
  return JSON.parse(await readFile(join(home, 'dev.json'), 'utf8')) as DevFile;
}

/** Pids of the services, PostgreSQL and Kafka that run in this home. */
export async function allPids(home: string): Promise<Record<string, number>> {
  const text = await readFile(join(home, 'launcher.json'), 'utf8');
  const record = JSON.parse(text) as { services: { name: string; pid: number }[] };
  const postgres = await readFile(join(home, 'postgres/postmaster.pid'), 'utf8').catch(() => '');
  const kafka = await readFile(join(home, 'kafka/kafka.pid'), 'utf8').catch(() => '');
  return {
    ...Object.fromEntries(record.services.map(({ name, pid }) => [name, pid])),
    ...(postgres ? { postgres: Number(postgres.split('\n')[0]) } : {}),
    ...(kafka ? { kafka: Number(kafka) } : {}),
  };
}

export async function alive(pids: number[]): Promise<number[]> {
  const running = await Promise.all(pids.map(isRunning));
  return pids.filter((_, index) => running[index]);
}

const toolOf = (name: string) => join(root, 'tools', name, 'main.ts');
const environment = (home: string, env: Record<string, string>) => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: home,
  ONECOUNT_HOME: home,
  ...env,
});

export type Launched = {
  output(): string;
  ready(): Promise<void>;
  /** Sends the signal and waits for the launcher's end; its exit code, or 128 for a signal. */
  end(signal: NodeJS.Signals): Promise<number>;
};

/** `npm start` in a home of its own. */
export function launch(home: string, env: Record<string, string> = {}): Launched {
  const child = spawn(process.execPath, [toolOf('start')], {
    cwd: root,
    env: environment(home, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const add = (chunk: Buffer) => void (output += chunk.toString());
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    output: () => output,
    async ready() {
      const isOver = () => hasEnded() || /^ready in /m.test(output);
      await eventually(isOver, { what: 'the start' });
      if (hasEnded()) throw new Error(`not started:\n${output}`);
    },
    async end(signal) {
      if (!hasEnded()) child.kill(signal);
      const [code] = await exited;
      return code ?? 128;
    },
  };
}

/** Runs one of the tools to its end. */
export function runTool(
  name: string,
  args: string[],
  home: string,
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const options = { cwd: root, env: environment(home, env) };
    const child = execFile(
      process.execPath,
      [toolOf(name), ...args],
      options,
      (_err, stdout, stderr) => done({ code: child.exitCode ?? 1, stdout, stderr }),
    );
  });
}
