import type { Transport } from './campaign-system.ts';

/** Rounds that one system plays, one after the other. */
export type Block = { seed: number; rounds: number; transport: Transport };

/** So many seeds in a row share a system; which transport it has follows from the seed alone. */
export const blockSize = 100;
// The groups of a broker wait for the session of a member that was killed: a round takes several times as long.
const kafkaEvery = 4;

const transportOf = (seed: number): Transport =>
  Math.floor(seed / blockSize) % kafkaEvery === kafkaEvery - 1 ? 'kafka' : 'embedded';

/** The rounds from a seed on, in blocks. */
export function blocksOf(seed: number, rounds: number): Block[] {
  const blocks: Block[] = [];
  for (let from = seed; from < seed + rounds;) {
    const next = Math.min(from - (from % blockSize) + blockSize, seed + rounds);
    blocks.push({ seed: from, rounds: next - from, transport: transportOf(from) });
    from = next;
  }
  return blocks;
}
