import { counter } from '@onecount/telemetry';
import { reasonOf } from './host.ts';

type Say = (fields: object, message: string) => void;
export type LineLog = { info: Say; warn: Say; error: Say };

/** Something outside this process that its work needs. */
export type Dependency = {
  name: string;
  /** Whether a line is about this being away. `isKnown` while it is known to be. */
  isAway(fields: { err?: unknown }, message: string, isKnown: boolean): boolean;
  /** Rejects while it is away. */
  ask(): Promise<unknown>;
};

export type OutageLog = LineLog & { close(): void };

type Outage = { startedAt: number; failures: number; answeredAt?: number | undefined };

const askEveryMs = 1_000;
// Longer than any back-off of ours: who waited through the end of an outage must not begin the next one.
const steadyMsDefault = 6_000;

const outages = counter({
  name: 'onecount_outages_total',
  help: 'Outages of what this process needs; each has a line in the log for its start and its end.',
  labelNames: ['dependency'],
});
const outageFailures = counter({
  name: 'onecount_outage_failures_total',
  help: 'Failures of background work that an outage caused, counted instead of logged.',
  labelNames: ['dependency'],
});

/**
 * A log for work that repeats by itself: of what a dependency causes by being away it writes one line when that
 * begins and one when it is over, and counts the rest. Any other line passes. The first dependency that knows a
 * line takes it.
 */
export function createOutageLog(
  log: LineLog,
  dependencies: Dependency[],
  steadyMs = steadyMsDefault,
): OutageLog {
  const watched = dependencies.map((dependency) => watch(dependency, { log, steadyMs }));
  const say =
    (level: keyof LineLog): Say =>
    (fields, message) => {
      if (!watched.some(({ takes }) => takes(fields, message))) log[level](fields, message);
    };
  return {
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    close: () => watched.forEach(({ close }) => close()),
  };
}

function watch(
  { name, isAway, ask }: Dependency,
  { log, steadyMs }: { log: LineLog; steadyMs: number },
) {
  const labels = { dependency: name };
  let outage: Outage | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function takes(fields: { err?: unknown }, message: string): boolean {
    if (!isAway(fields, message, outage !== undefined)) return false;
    outageFailures.inc(labels);
    outage ??= begin(fields, message);
    outage.failures += 1;
    outage.answeredAt = undefined;
    return true;
  }

  function begin({ err }: { err?: unknown }, message: string): Outage {
    outages.inc(labels);
    const reason = err === undefined ? message : reasonOf(err);
    log.warn(
      { ...labels, reason, noticed: message },
      `${name} is away; failures are counted until it is back`,
    );
    askLater();
    return { startedAt: performance.now(), failures: 0 };
  }

  function askLater(): void {
    if (!isClosed) timer = setTimeout(() => void look(outage!), askEveryMs).unref();
  }

  /** An answer alone is not the end: a server may answer and still refuse the work. */
  async function look(of: Outage): Promise<void> {
    const { failures } = of;
    const isAnswering = await ask().then(
      () => true,
      () => false,
    );
    if (!isAnswering || of.failures > failures) of.answeredAt = undefined;
    else of.answeredAt ??= performance.now();
    if (of.answeredAt !== undefined && performance.now() - of.answeredAt >= steadyMs) end(of);
    else askLater();
  }

  function end({ startedAt, failures, answeredAt }: Outage): void {
    outage = undefined;
    const seconds = Math.round((answeredAt! - startedAt) / 100) / 10;
    log.warn({ ...labels, seconds, failures }, `${name} is back`);
  }

  return {
    takes,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
