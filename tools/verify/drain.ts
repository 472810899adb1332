import type { Transport } from '@onecount/messaging';
import { verifiedServices, type Sources } from './sources.ts';
import { consumedTopics } from './topics.ts';
import { underWay } from './verify.ts';

/** What has not come to rest yet, in the tables or between log and consumers, as text; null when all has. */
export async function undrained(sources: Sources, transport: Transport): Promise<string | null> {
  const waiting = await underWay(sources);
  const behind = await Promise.all(
    verifiedServices.map(async (service) => {
      const lag = await transport.lag(`onecount-${service}`, consumedTopics[service]);
      return lag > 0 ? [`${service} is ${lag} messages behind`] : [];
    }),
  );
  const parts = [...(waiting === null ? [] : [waiting]), ...behind.flat()];
  return parts.length === 0 ? null : parts.join(', ');
}
