import type { VerifiedService } from '../verify/sources.ts';
import type { Outcome } from '@onecount/testing';
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

/** A kind of business that the campaign knows: a file in `steps`, and a line in its index. */
export type Step = {
  name: string;
  /** Does it and says what the caller knows then: true done, false refused. */
  act(act: Act): Promise<boolean>;
  /**
   * Counts the effects of an act by its mark ($1), in one service's database: 1 where the caller was told that it
   * is done, 0 where it was refused. What else must hold then, the checker knows.
   */
  effects: { service: VerifiedService; text: string };
};
