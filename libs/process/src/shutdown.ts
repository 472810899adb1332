import type { Logger } from '@onecount/telemetry';
import { reasonOf } from './host.ts';

export type Step = { name: string; run(): Promise<void> };

const drainMsMax = 8000;

/**
 * The drain, at most once whoever asks, however often. Every step is tried even if an earlier one failed:
 * a consumer that cannot leave its group is no reason to cut a request off. Answers whether all went well
 * and in time.
 */
export function createShutdown(
  log: Logger,
  steps: Step[],
  msMax = drainMsMax,
): (reason: string) => Promise<boolean> {
  let ending: Promise<boolean> | undefined;
  return (reason) => (ending ??= drain({ log, steps, msMax, reason }));
}

async function drain(of: {
  log: Logger;
  steps: Step[];
  msMax: number;
  reason: string;
}): Promise<boolean> {
  const { log, steps, msMax, reason } = of;
  log.info({ reason }, 'draining');
  let current = '';
  const all = (async () => {
    let isClean = true;
    for (const step of steps) {
      current = step.name;
      isClean = (await tried(step, log)) && isClean;
    }
    return isClean;
  })();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      log.error({ step: current }, `not drained after ${msMax} ms`);
      resolve(false);
    }, msMax);
  });
  const isClean = await Promise.race([all, late]);
  clearTimeout(timer);
  log.info({ isClean }, 'drained');
  return isClean;
}

async function tried(step: Step, log: Logger): Promise<boolean> {
  try {
    await step.run();
    return true;
  } catch (err) {
    log.error({ step: step.name, reason: reasonOf(err) }, 'a step of the drain failed');
    return false;
  }
}
