import { topics } from '@onecount/events';
import type { Module, ServiceDeps } from '@onecount/service';
import { createLocationService } from '../../kernel/location/location.service.ts';
import type { Shared } from '../../kernel/shared.ts';
import { createLiveFeed } from './live-stock.feed.ts';
import { liveStockRoutes } from './live-stock.routes.ts';
import type { LiveStream } from './live-stock.stream.ts';

const beatEveryMs = 1_000;
const joinMsMax = 10_000;

/** Server-Sent Events of the count, which the gateway shows as `GET /live/stock` (docs/adr/0185). */
export const liveStockModule: Module<Shared> = {
  name: 'live-stock',
  start({ config, db, log, tail, verifyInternalToken, onError }) {
    const feed = createLiveFeed({ db, onError });
    const listening = createListening({ tail, feed });
    const streams = new Set<LiveStream>();
    let timer: NodeJS.Timeout | undefined;
    return {
      routes: liveStockRoutes({
        ...{ db, log, verifyInternalToken, feed, streams },
        locations: createLocationService({ db }),
        isListening: listening.begun,
        streamsMax: config.LIVE_STREAMS_MAX,
      }),
      background: [
        feed.worker,
        {
          name: 'live-streams',
          start() {
            timer = setInterval(() => {
              for (const stream of streams) stream.beat(Date.now());
            }, beatEveryMs);
          },
          async stop() {
            clearInterval(timer);
            for (const stream of streams) stream.end();
            await listening.stop();
          },
        },
      ],
    };
  },
};

/** From the first client on: a service that nobody looks at follows no topic of its own. */
function createListening(of: {
  tail: ServiceDeps['tail'];
  feed: Pick<ReturnType<typeof createLiveFeed>, 'onMessages'>;
}) {
  let tailing: ReturnType<ServiceDeps['tail']> | undefined;

  async function joined(): Promise<true> {
    const { onMessages } = of.feed;
    const asked = {
      name: 'onecount-inventory-live',
      topics: [topics['inventory.stock-level'].name, topics['inventory.stock-item'].name],
      onMessages,
    };
    tailing ??= of.tail(asked);
    try {
      await (
        await tailing
      ).joined;
      return true;
    } catch (err) {
      tailing = undefined;
      throw err;
    }
  }

  return {
    async begun(): Promise<boolean> {
      const late = Promise.withResolvers<false>();
      const timer = setTimeout(() => late.resolve(false), joinMsMax);
      return Promise.race([joined(), late.promise]).finally(() => clearTimeout(timer));
    },
    stop: async () => (await tailing?.catch(() => undefined))?.stop(),
  };
}
