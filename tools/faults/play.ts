import { startCampaignSystem, type Transport } from './campaign-system.ts';
import { faults } from './faults/index.ts';
import { planOf } from './plan.ts';
import { runRound } from './round.ts';
import { steps } from './steps/index.ts';
import type { Tally } from './tally.ts';
import type { Turn } from './turns.ts';

export type Play = {
  /** The violations of a round that no round before it on its system had: what is broken stays broken. */
  result(seed: number): Promise<string[]>;
  /** When no system runs any more. */
  ended: Promise<void>;
};
type Options = {
  turns: readonly Turn[];
  systems: number;
  tally: Tally;
  /** Called at once: who asks for results asks in the order of the seeds. */
  onFound(seed: number, story: string): void;
};
type Waiting = Turn & PromiseWithResolvers<string[]>;

// The checker reads everything that ever happened on a system.
const roundsPerSystem = 100;
// As much as a start costs: for fewer, the system that plays them already goes on alone.
const roundsWorthAStart = 20;

/**
 * Plays all rounds, on so many systems side by side: one waits for a good part of its time, for a session's end or
 * a commit. Each takes the next round that waits, and makes room for a new system after a hundred.
 */
export function play({ turns, systems, tally, onFound }: Options): Play {
  const waiting: Waiting[] = turns.map((turn) => ({
    ...turn,
    ...Promise.withResolvers<string[]>(),
  }));
  const results = new Map(waiting.map(({ seed, promise }) => [seed, promise]));
  // Whoever asks hears of it; nobody may have asked yet.
  for (const { promise } of waiting) promise.catch(() => undefined);
  const running: Transport[] = [];
  const waitingOn = (on: Transport) => waiting.filter(({ transport }) => transport === on);
  const taken = (is: (turn: Turn) => boolean) => {
    const at = waiting.findIndex(is);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  const first = () =>
    taken(
      ({ transport }) =>
        !running.includes(transport) || waitingOn(transport).length >= roundsWorthAStart,
    );
  const lane = async () => {
    for (let turn = first(); turn; turn = first()) {
      const { transport, reject } = turn;
      const rounds = Math.min(roundsPerSystem, 1 + waitingOn(transport).length);
      const own = turn;
      const next = (nth: number) =>
        nth === 0 ? own : taken((other) => other.transport === transport);
      running.push(transport);
      await onOneSystem({ transport, rounds, next, tally, onFound }).catch(reject);
      running.splice(running.indexOf(transport), 1);
    }
  };
  const lanes = Array.from({ length: systems }, lane);
  return {
    result: (seed) => results.get(seed)!,
    ended: Promise.all(lanes).then(() => undefined),
  };
}

type OneSystem = Pick<Options, 'tally' | 'onFound'> & {
  transport: Transport;
  rounds: number;
  next(nth: number): Waiting | undefined;
};

async function onOneSystem(of: OneSystem): Promise<void> {
  const { tally } = of;
  const system = await startCampaignSystem(of);
  const known = new Set<string>();
  try {
    for (const [nth, goods] of system.goods.entries()) {
      const turn = of.next(nth);
      if (!turn) return;
      const plan = planOf(turn.seed, { steps, faults });
      const { violations, story, hasEnded } = await runRound({ system, goods, plan, tally });
      const news = violations.filter((violation) => !known.has(violation));
      for (const violation of news) known.add(violation);
      if (news.length > 0) of.onFound(turn.seed, story);
      turn.resolve(news);
      // What did not come to rest is in the way of every round after it.
      if (!hasEnded) return;
    }
  } finally {
    await system.stop();
  }
}
