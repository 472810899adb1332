export type BackgroundTask = {
  name: string;
  start(): void | Promise<void>;
  stop(): Promise<void> | void;
};

export type Worker = {
  name: string;
  start(): void;
  /** There is something to do: the next run does not wait for its poll. */
  wake(): void;
  /** Resolves when the run under way is over. */
  stop(): Promise<void>;
};

type WorkerOptions = {
  name: string;
  /** At least so long from the beginning of one run to that of the next. */
  intervalMs: number;
  /** The poll: so long after a run that nobody woke the worker during. The interval unless given. */
  idleMs?: number;
  /** A run of several steps looks at the signal between them: it is aborted by stop(). */
  run(signal: AbortSignal): Promise<void>;
  onError(err: unknown): void;
};

/**
 * Background work: one run after another, never two at a time, whatever becomes of each. In memory only: what
 * must not be forgotten is a row that the next run finds, here or in another process.
 */
export function createWorker(options: WorkerOptions): Worker {
  const { intervalMs, idleMs = intervalMs } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopping: AbortController | undefined;
  let isWoken = false;
  let startedAt = -Infinity;

  const untilNext = () => Math.max(0, startedAt + intervalMs - performance.now());

  async function once(): Promise<void> {
    isWoken = false;
    startedAt = performance.now();
    try {
      await options.run(stopping!.signal);
    } catch (err) {
      options.onError(err);
    }
  }

  function next(): void {
    running = once().finally(() => {
      running = undefined;
      arm(isWoken ? untilNext() : idleMs);
    });
  }

  function arm(afterMs: number): void {
    clearTimeout(timer);
    if (!stopping || stopping.signal.aborted || running) return;
    timer = setTimeout(next, afterMs);
  }

  return {
    name: options.name,
    start(): void {
      if (stopping && !stopping.signal.aborted) return;
      stopping = new AbortController();
      arm(0);
    },
    wake(): void {
      if (isWoken) return;
      isWoken = true;
      arm(untilNext());
    },
    async stop(): Promise<void> {
      stopping?.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
