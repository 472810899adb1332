import { configureFailpoints } from '@onecount/failpoint';
import { createLogger, startProcessMetrics, startTracing, type Logger } from '@onecount/telemetry';
import { processHost, reasonOf, watchParent, type Host } from './host.ts';
import { createShutdown, type Step } from './shutdown.ts';

// A launcher may give another port; anything else that stops a start is for a person.
const portTakenExitCode = 98;

type ProcessConfig = {
  LOG_LEVEL: Parameters<typeof createLogger>[0]['level'];
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  ONECOUNT_PARENT_PID?: number;
  FAILPOINT_DIR?: string;
};

type Started = {
  url: string;
  /** What the end takes, in order. */
  drain: Step[];
};

type Options<S extends Started> = {
  name: string;
  config: ProcessConfig;
  /** Everything up to the open port and the work behind it. */
  start(log: Logger): Promise<S>;
  drainMsMax?: number;
  host?: Host;
};

/**
 * Runs one process, service or gateway: log, metrics and traces before anything, the drain at SIGTERM or
 * when the launcher is gone. A crash is one fatal line and exit code 1; so is what cannot be started (98: its
 * port is taken), and the supervisor starts it again.
 */
export async function runProcess<S extends Started>(
  options: Options<S>,
): Promise<S & { log: Logger; stop(): Promise<void> }> {
  const { name, config, host = processHost } = options;
  const log = createLogger({ service: name, level: config.LOG_LEVEL });
  host.onCrash((err) => {
    log.fatal({ err }, 'crashed');
    host.exit(1);
  });
  // A start may wait for others as long as it takes: alone it must not wait for ever.
  const stopWaiting = whenParentIsGone(config, (reason) => {
    log.fatal(reason);
    host.exit(1);
  });
  try {
    configureFailpoints({ service: name, dir: config.FAILPOINT_DIR });
    startProcessMetrics(name);
    const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
    const tracing = await startTracing({ service: name, endpoint });
    const started = await options.start(log);
    const steps = [...started.drain, { name: 'tracing', run: () => tracing.stop() }];
    const shutdown = createShutdown(log, steps, options.drainMsMax);
    stopWaiting();
    const stopWatching = listenForTheEnd({ config, host, shutdown });
    log.info({ url: started.url }, 'listening');
    const stop = async () => {
      stopWatching();
      await shutdown('stop');
    };
    return { ...started, log, stop };
  } catch (err) {
    log.fatal({ err }, `could not start: ${reasonOf(err)}`);
    host.exit((err as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portTakenExitCode : 1);
    throw err;
  }
}

/** Something that a person must repair; reported in one line, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
  constructor(message: string) {
    super(message);
    this.stack = undefined;
  }
}

function listenForTheEnd(of: {
  config: ProcessConfig;
  host: Host;
  shutdown(reason: string): Promise<boolean>;
}): () => void {
  const end = (reason: string): void => {
    void of.shutdown(reason).then((isComplete) => of.host.exit(isComplete ? 0 : 1));
  };
  of.host.onStopRequested(end);
  return whenParentIsGone(of.config, end);
}

function whenParentIsGone(
  { ONECOUNT_PARENT_PID: pid }: ProcessConfig,
  onGone: (reason: string) => void,
): () => void {
  return pid === undefined ? () => {} : watchParent(pid, onGone);
}
