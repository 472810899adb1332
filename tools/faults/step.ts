import type { Outcome } from '@onecount/testing';
import type { Sources, VerifiedService } from '../verify/sources.ts';
import type { Mutation } from './caller.ts';
import type { Goods } from './goods.ts';
import type { Random } from './random.ts';

/** One act of business while things break. */
export type Act = {
  /** A text that no other act has: its effect is found by it. */
  mark: string;
  random: Random;
  goods: Goods;
  /** Asks until there is an answer, under a key of this act. */
  ask(mutation: Mutation, input: object): Promise<Outcome>;
};

/** How much of an act is there, found by its mark in the databases. */
export type Effect = (rows: Sources['rows'], mark: string) => Promise<number>;

/** A kind of business that the campaign knows: a file in `steps`, and a line in its index. */
export type Step = {
  name: string;
  /** Does it and says what the caller knows then: how much of it is done, true for one, false for refused. */
  act(act: Act): Promise<boolean | number>;
  /** Each must find as much as the caller was told. What else must hold then, the checker knows. */
  effects: readonly Effect[];
};

/** The one number that a query in one service's database answers, `$1` is the mark. */
export const found =
  (service: VerifiedService, text: string): Effect =>
  async (rows, mark) => {
    const [row] = await rows<Record<string, unknown>>(service, text, [mark]);
    return Number(Object.values(row!)[0]);
  };
