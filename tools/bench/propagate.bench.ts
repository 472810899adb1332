import type { VerifiedService } from '../verify/sources.ts';
import type { Bench } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { cpuBetween, total } from './cpu.ts';
import { atRate, round, summary } from './load.ts';

/**
 * From the moment that a sale's event was written (in the statement that commits the sale) to the moment
 * that each consumer marked it as applied. All databases are of one server, so both are of one clock. The
 * mark is written in the transaction of the effect, which commits within the next milliseconds.
 */
export const propagateBench: Bench = {
  help: 'commit of a sale until all consumers applied it, under load [--rate 20 --seconds 20]',
  async run(options) {
    const rate = options.number('rate', 20);
    const seconds = options.number('seconds', 20);
    return withSystem(async (bench) => {
      const skus = await createSkus(bench.shop, 100);
      const registerId = await bench.shop.openRegister();
      const load = { skus, registerId, rate };
      await sellAtRate(bench, { ...load, seconds: 5 });
      await bench.drained();
      const since = new Date();
      const before = bench.cpu();
      const sales = await sellAtRate(bench, { ...load, seconds });
      await bench.drained();
      const spent = total(cpuBetween(before, bench.cpu()));
      const delays = await delaysSince(bench, since);
      const all = [...delays.values()].map((each) => Math.max(...each.values()));
      if (all.length !== sales) throw new Error(`${all.length} events of ${sales} sales`);
      const { p50Ms, p95Ms, p99Ms } = summary(all);
      const byConsumer = perConsumer(delays);
      for (const [consumer, figures] of Object.entries(byConsumer)) {
        options.say(`${consumer}: p50 ${figures.p50Ms} ms, p99 ${figures.p99Ms} ms`);
      }
      const cpuMsPerSale = round(spent / sales);
      const counts = summary(await countDelaysSince(bench, since));
      options.say(`counts in storefront-sync: p50 ${counts.p50Ms} ms, p99 ${counts.p99Ms} ms`);
      return { p50Ms, p95Ms, p99Ms, sales, rate, cpuMsPerSale, byConsumer, counts };
    });
  },
};

type Load = { skus: string[]; registerId: string; rate: number; seconds: number };

async function sellAtRate({ shop }: BenchSystem, load: Load): Promise<number> {
  const { skus, registerId } = load;
  return atRate(load, async (index) => {
    const sku = skus[index % skus.length]!;
    const sold = await shop.buy({ channel: 'COUNTER', registerId, sku });
    if (sold.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(sold));
  });
}

type Delays = Map<string, Map<string, number>>;
const consumers: VerifiedService[] = [
  'catalog',
  'inventory',
  'workshop',
  'passport',
  'storefront-sync',
];

/** Milliseconds by event and consumer, of the sales committed since then. */
async function delaysSince({ sources }: BenchSystem, since: Date): Promise<Delays> {
  const written = await sources.rows<{ event_id: string; at: number }>(
    'pos',
    `SELECT event_id, extract(epoch FROM occurred_at)::float8 * 1000 AS at FROM outbox
     WHERE type = 'pos.sale-committed' AND occurred_at >= $1`,
    [since],
  );
  const delays: Delays = new Map(written.map((row) => [row.event_id, new Map()]));
  const writtenAt = new Map(written.map((row) => [row.event_id, row.at]));
  for (const service of consumers) {
    const applied = await sources.rows<{ event_id: string; consumer: string; at: number }>(
      service,
      `SELECT event_id, consumer, extract(epoch FROM applied_at)::float8 * 1000 AS at FROM inbox
       WHERE event_id = ANY ($1)`,
      [[...delays.keys()]],
    );
    for (const row of applied) {
      delays
        .get(row.event_id)
        ?.set(`${service} ${row.consumer}`, row.at - writtenAt.get(row.event_id)!);
    }
  }
  return delays;
}

/** New counts, which inventory publishes coalesced, until the storefronts' copy has them. */
async function countDelaysSince({ sources }: BenchSystem, since: Date): Promise<number[]> {
  const written = await sources.rows<{ event_id: string; at: number }>(
    'inventory',
    `SELECT event_id, extract(epoch FROM occurred_at)::float8 * 1000 AS at FROM outbox
     WHERE type = 'inventory.stock-level-changed' AND occurred_at >= $1`,
    [since],
  );
  const applied = await sources.rows<{ event_id: string; at: number }>(
    'storefront-sync',
    `SELECT event_id, extract(epoch FROM applied_at)::float8 * 1000 AS at FROM inbox
     WHERE event_id = ANY ($1)`,
    [written.map((row) => row.event_id)],
  );
  const writtenAt = new Map(written.map((row) => [row.event_id, row.at]));
  return applied.map((row) => row.at - writtenAt.get(row.event_id)!);
}

function perConsumer(delays: Delays): Record<string, ReturnType<typeof summary>> {
  const byConsumer = new Map<string, number[]>();
  for (const each of delays.values()) {
    for (const [consumer, ms] of each) {
      byConsumer.set(consumer, [...(byConsumer.get(consumer) ?? []), ms]);
    }
  }
  return Object.fromEntries([...byConsumer].map(([name, list]) => [name, summary(list)]));
}
