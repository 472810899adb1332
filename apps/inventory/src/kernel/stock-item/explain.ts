import type { MovementReason } from '../movement/movement.sql.ts';

/** The sums behind one level as PostgreSQL read them, all of one snapshot. */
export type ExplanationFacts = {
  locationId: string;
  asOf: string;
  /** False for a past instant. */
  isNow: boolean;
  /** What the level says; for a past instant what the ledger's last row by then said. */
  levelOnHand: number;
  /** Includes expired holds that are not settled yet. Null for a past instant: levels keep no past. */
  levelCommitted: number | null;
  sums: { reason: MovementReason; quantity: number; count: number }[];
  recent: string[];
  live: { count: number; quantity: number; ids: string[] };
  lapsed: { count: number; quantity: number; ids: string[] };
  sold: string[];
  sales: { saleId: string; quantity: number; recordedAt: string }[];
  /** Units. */
  inRepair: string[];
  transfers: { transferId: string; quantity: number; isInbound: boolean }[];
};

export type Explanation = ExplanationFacts & {
  onHand: number;
  committed: number;
  available: number;
  isConsistent: boolean;
  check: string;
};

/**
 * The arithmetic from its rows, not from the level: on_hand is the sum of movements, committed the sum of
 * live holds. The level, on which decisions are made, is then compared and not trusted.
 */
export function explained(facts: ExplanationFacts): Explanation {
  const onHand = facts.sums.reduce((sum, { quantity }) => sum + quantity, 0);
  const committed = facts.live.quantity;
  const { isNow, levelOnHand, levelCommitted, lapsed } = facts;
  const levelCommits = levelCommitted === null ? committed : levelCommitted - lapsed.quantity;
  const differences = [
    difference('on hand', levelOnHand, onHand, 'movements'),
    difference('committed', levelCommits, committed, 'live holds'),
  ].filter((text) => text !== undefined);
  const isConsistent = differences.length === 0;
  const witness = isNow ? 'level' : 'ledger';
  const check = isConsistent
    ? `${onHand} by movements − ${committed} by live holds = ${onHand - committed}; the ${witness} agrees.`
    : `The ${witness} disagrees: ${differences.join('; ')}.`;
  return { ...facts, onHand, committed, available: onHand - committed, isConsistent, check };
}

function difference(figure: string, level: number, sum: number, rows: string): string | undefined {
  return level === sum ? undefined : `${figure} is ${level}, the ${rows} make ${sum}`;
}
