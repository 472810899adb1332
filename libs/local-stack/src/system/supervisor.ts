import { spawn, type ChildProcess } from 'node:child_process';
import { once, type EventEmitter } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../paths.ts';
import { isRunning } from '../process/process.ts';
import { PortTakenError, StackError } from '../stack.errors.ts';
import type { Logs } from './log-lines.ts';

const backOffMinMs = 200;
const backOffMaxMs = 5_000;
// A process that ran this long was sound: its next crash starts the back-off anew.
const soundAfterMs = 10_000;
const crashesBeforeReadyMax = 4;
// So does @onecount/process end when it cannot listen.
const portTakenExitCode = 98;
// Only a check that never ends is given up: a machine that is busy may need seconds for its answer.
const checkWithinMs = 30_000;

export type ServiceProcess = {
  name: string;
  pid(): number | undefined;
  /** How often it was started; 1 for a process that never crashed. */
  starts(): number;
  kill(signal: NodeJS.Signals): void;
  ready(): Promise<void>;
  stop(withinMs: number): Promise<void>;
  /** Runs it again after `stop`; `env` over its settings, from now on. */
  start(env?: Record<string, string>): void;
};

export type ServiceSpec = {
  name: string;
  url: string;
  env: Record<string, string>;
};

/** One run of a service: a child process, or what a test puts in its place (tools/faults: a thread). */
export type ServiceRun = Pick<ChildProcess, 'pid' | 'stdout' | 'stderr' | 'kill'> & EventEmitter;
export type Launch = (spec: ServiceSpec) => ServiceRun;

const idleMemory = join(repositoryRoot, 'libs/local-stack/src/system/idle-memory.ts');

type Hooks = {
  logs: Logs;
  onChange: () => void;
  launch?: Launch | undefined;
  restartMsMax?: number | undefined;
};

type Program = { main?: string; nodeOptions?: readonly string[] };
const sourceOf = (name: string) => join(repositoryRoot, 'apps', name, 'src/main.ts');

/** A service as it is deployed: its own main program and its own environment, nothing else. */
export function spawnService(
  spec: ServiceSpec,
  { main = sourceOf(spec.name), nodeOptions = [] }: Program = {},
): ServiceRun {
  return spawn(process.execPath, [...nodeOptions, main], {
    cwd: repositoryRoot,
    env: spec.env,
    // A group of its own: Ctrl-C reaches the launcher alone, which then ends everything in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A service of a developer's machine: it gives memory back when it falls idle. */
export const launchService: Launch = (spec) =>
  spawnService(spec, { nodeOptions: ['--import', idleMemory] });

/** Whether this very process says so: until it listens, somebody else may answer at its address. */
async function isReady(url: string, pid: number | undefined): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, {
      signal: AbortSignal.timeout(checkWithinMs),
    });
    await response.arrayBuffer();
    return response.ok && response.headers.get('onecount-pid') === String(pid);
  } catch {
    return false;
  }
}

function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `was ended by ${signal}` : `ended with code ${code}`;
}

/** Keeps one service running: a crash is followed by a restart, later each time up to 5 s. */
export function supervise(spec: ServiceSpec, hooks: Hooks): ServiceProcess {
  const { logs, onChange, launch = launchService, restartMsMax = backOffMaxMs } = hooks;
  let current: ServiceSpec = spec;
  let child: ServiceRun | undefined;
  let starts = 0;
  let crashesInRow = 0;
  let hasBeenReady = false;
  let isPortTaken = false;
  let isStopping = false;
  let restart: NodeJS.Timeout | undefined;

  function run(): void {
    restart = undefined;
    starts += 1;
    const startedAt = performance.now();
    const started = launch(current);
    child = started;
    logs.follow(spec.name, started.stdout!);
    logs.follow(spec.name, started.stderr!);
    onChange();
    started.once('error', (err: Error) =>
      logs.say(spec.name, `could not be started: ${err.message}`),
    );
    started.once('exit', (code: number | null, signal: NodeJS.Signals | null) => {
      child = undefined;
      onChange();
      isPortTaken = code === portTakenExitCode;
      // On a first start the launcher takes another port; later it waits for this one.
      if (isStopping || (isPortTaken && !hasBeenReady)) return;
      crashesInRow = performance.now() - startedAt > soundAfterMs ? 1 : crashesInRow + 1;
      const pauseMs = Math.min(backOffMinMs * 2 ** (crashesInRow - 1), restartMsMax);
      logs.say(spec.name, `${howItEnded(code, signal)}; restarted in ${pauseMs / 1000} s`);
      restart = setTimeout(run, pauseMs);
    });
  }

  async function ready(): Promise<void> {
    while (!(await isReady(spec.url, child?.pid))) {
      if (isPortTaken && !hasBeenReady) throw new PortTakenError(`${spec.url} is taken.`);
      if (isStopping) throw new StackError(`${spec.name} was stopped before it was ready.`);
      if (!hasBeenReady && crashesInRow >= crashesBeforeReadyMax) {
        const last = logs.lines(spec.name).findLast((line) => !line.includes('; restarted in'));
        throw new StackError(`${spec.name} does not start: ${last ?? 'it says nothing'}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    hasBeenReady = true;
  }

  async function stop(withinMs: number): Promise<void> {
    isStopping = true;
    clearTimeout(restart);
    const ending = child;
    if (!ending?.pid || !(await isRunning(ending.pid))) return;
    const exited = once(ending, 'exit');
    ending.kill('SIGTERM');
    // A test may have left it stopped by SIGSTOP: it could not act on the SIGTERM.
    ending.kill('SIGCONT');
    const insist = setTimeout(() => ending.kill('SIGKILL'), withinMs);
    await exited;
    clearTimeout(insist);
  }

  function start(env: Record<string, string> = {}): void {
    isStopping = false;
    current = { ...current, env: { ...current.env, ...env } };
    run();
  }

  run();
  return {
    name: spec.name,
    pid: () => child?.pid,
    starts: () => starts,
    kill: (signal) => void child?.kill(signal),
    ready,
    stop,
    start,
  };
}
