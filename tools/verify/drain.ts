import type { Transport } from '@onecount/messaging';
import { verifiedServices, type Sources } from './sources.ts';
import { consumedTopics } from './topics.ts';
import { asText, unfinishedIn, type Unfinished } from './verify.ts';

/** What may be under way, in the tables or between log and consumers, in the order in which it comes to rest. */
export const unfinished = (sources: Sources, transport: Transport): Unfinished[] => [
  ...unfinishedIn(sources),
  ...verifiedServices.map((service) => ({
    what: `messages before ${service}`,
    count: () => transport.lag(`onecount-${service}`, consumedTopics[service]),
  })),
];

/** What has not come to rest yet, as text; null when all has. */
export const undrained = (sources: Sources, transport: Transport): Promise<string | null> =>
  asText(unfinished(sources, transport));
