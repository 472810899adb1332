/** The process as the shell sees it; tests run a service without owning the process. */
export type Host = {
  exit(code: number): void;
  /** Calls back once when the process is asked to end. */
  onStopRequested(stop: (reason: string) => void): void;
  onCrash(crashed: (err: unknown) => void): void;
};

export const processHost: Host = {
  // A log line is written synchronously by pino, so nothing is lost by leaving at once.
  exit: (code) => process.exit(code),
  onStopRequested(stop) {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(signal));
  },
  onCrash(crashed) {
    process.once('uncaughtException', crashed);
    process.once('unhandledRejection', crashed);
  },
};

const parentPollMs = 1000;

/**
 * Without this a launcher killed by SIGKILL would leave seven processes behind. Polled, because a
 * process is told nothing about the death of one that is not its child.
 */
export function watchParent(pid: number, onGone: (reason: string) => void): () => void {
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    onGone(`process ${pid}, which started this service, is gone`);
  }, parentPollMs);
  timer.unref();
  return () => clearInterval(timer);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (err) {
    // EPERM: it lives and belongs to somebody else.
    return (err as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A failure in one line, for the log and for a person who repairs an address or a password. */
export function reasonOf(err: unknown): string {
  if (err instanceof AggregateError && err.errors.length > 0) return reasonOf(err.errors[0]);
  const { code, message } = err as { code?: unknown; message?: string };
  return message || (typeof code === 'string' ? code : String(err));
}
