import type { Transport } from './campaign-system.ts';

/** One round that is to be played. */
export type Turn = { seed: number; transport: Transport };

/** So many seeds in a row have one transport, which follows from the seed alone. */
const seedsInARow = 100;
// The groups of a broker wait for the session of a member that was killed: a round takes several times as long.
const kafkaEvery = 4;

const turnOf = (seed: number): Turn => ({
  seed,
  transport: Math.floor(seed / seedsInARow) % kafkaEvery === kafkaEvery - 1 ? 'kafka' : 'embedded',
});

export const turnsFrom = (seed: number, rounds: number): Turn[] =>
  Array.from({ length: rounds }, (_, nth) => turnOf(seed + nth));
