import type { CampaignSystem } from './campaign-system.ts';
import type { Random } from './random.ts';

/** What a fault may do in its round. */
export type Strike = {
  system: CampaignSystem;
  random: Random;
  /** For the story and the count: this has now happened. `detail` says to whom. */
  struck(detail: string): void;
};

/** A kind of fault that the campaign knows: a function in `faults`, and a line in its index. */
export type Fault = {
  name: string;
  /** How many chances it has where another one has one. */
  weight?: number;
  /** Breaks something; what it answers mends what does not mend itself, when the round's load is over. */
  strike(strike: Strike): Promise<(() => Promise<void>) | void>;
};
