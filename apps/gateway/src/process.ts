import type { Logger } from '@onecount/telemetry';

const parentPollMs = 1_000;

/**
 * Drains on SIGTERM, SIGINT or when the process that started this one is gone, and exits: 0 after a
 * clean drain, 1 after `drainMsMax` or a crash.
 */
export function drainOnStop(options: {
  close(): Promise<void>;
  parentPid: number | undefined;
  drainMsMax: number;
  log: Logger;
}): void {
  const { log } = options;
  let isStopping = false;
  const stop = (reason: string): void => {
    if (isStopping) return;
    isStopping = true;
    log.info({ reason }, 'draining');
    setTimeout(() => exitAfter(log, 'not drained in time'), options.drainMsMax).unref();
    options.close().then(
      () => process.exit(0),
      (err: unknown) => exitAfter(log, 'the drain failed', err),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.once(event, (err) => exitAfter(log, event, err));
  }
  if (options.parentPid !== undefined) watchParent(options.parentPid, stop);
}

function exitAfter(log: Logger, message: string, err?: unknown): never {
  log.fatal({ err }, message);
  process.exit(1);
}

// A launcher killed by SIGKILL tells its children nothing: polled.
function watchParent(pid: number, stop: (reason: string) => void): void {
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    stop(`process ${pid}, which started this service, is gone`);
  }, parentPollMs);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (err) {
    // EPERM: it lives and belongs to somebody else.
    return (err as NodeJS.ErrnoException).code === 'EPERM';
  }
}
