/**
 * Runs something again and again, never twice at a time: every `idleMs`, or after `wake()` as soon as the
 * last run began `intervalMs` ago. stop() waits for the run that is under way.
 */
export function createTicker(options: {
  name: string;
  intervalMs: number;
  idleMs?: number;
  run(): Promise<void>;
  onError(err: unknown): void;
}) {
  const { intervalMs, idleMs = intervalMs } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isStopped = true;
  let isWoken = false;
  let startedAt = 0;

  async function once(): Promise<void> {
    isWoken = false;
    startedAt = performance.now();
    try {
      await options.run();
    } catch (err) {
      options.onError(err);
    }
  }

  function arm(afterMs: number): void {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(() => {
      running = once().finally(() => {
        running = undefined;
        arm(isWoken ? Math.max(0, startedAt + intervalMs - performance.now()) : idleMs);
      });
    }, afterMs);
  }

  return {
    name: options.name,
    start(): void {
      isStopped = false;
      arm(0);
    },
    wake(): void {
      if (isStopped || isWoken) return;
      isWoken = true;
      if (!running) arm(Math.max(0, startedAt + intervalMs - performance.now()));
    },
    async stop(): Promise<void> {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
