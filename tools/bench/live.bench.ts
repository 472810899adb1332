import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { eventually } from '@onecount/testing';
import type { Bench } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { cpuBetween, rssMb, total } from './cpu.ts';
import { atRate, round, summary } from './load.ts';

const skuCount = 100;

/**
 * Clients that follow one SKU each, while sales are recorded: from the moment at which a sale's event was
 * written (in the statement that commits it) until each client has read a count without the sold piece.
 */
export const liveBench: Bench = {
  help: 'commit of a sale until clients of /live/stock see it [--clients 1000 --rate 5 --seconds 20]',
  async run(options) {
    const clients = options.number('clients', 1000);
    const load = { rate: options.number('rate', 5), seconds: options.number('seconds', 20) };
    const env = {
      TENANT_LIVE_CONNECTIONS_MAX: String(clients),
      LIVE_CONNECTIONS_MAX: String(clients),
    };
    return withSystem(async (bench) => {
      const skus = await createSkus(bench.shop, skuCount);
      await bench.drained();
      const memoryBefore = memory(bench);
      const followers = Array.from({ length: clients }, (_, n) =>
        follow(bench, skus[n % skuCount]!),
      );
      await eventually(() => followers.every(({ seen }) => seen.length > 0), { intervalMs: 200 });
      options.say(`${clients} clients have the first state: ${JSON.stringify(memory(bench))}`);
      const before = bench.cpu();
      const sales = await sellAtRate(bench, skus, load);
      await bench.drained();
      const committed = await commitsBySku(bench);
      await eventually(() => followers.every((each) => hasAll(each, committed)), {
        intervalMs: 200,
      });
      const cpuMsPerSale = round(total(cpuBetween(before, bench.cpu())) / sales);
      const memoryAfter = memory(bench);
      for (const { close } of followers) close();
      const delays = followers.flatMap((each) => delaysOf(each, committed));
      const { p50Ms, p95Ms, p99Ms, operations } = summary(delays);
      return {
        ...{ p50Ms, p95Ms, p99Ms, clients, sales, ...load, seen: operations, cpuMsPerSale },
        rssMb: { before: memoryBefore, after: memoryAfter },
      };
    }, env);
  },
};

type Seen = { onHand: number; at: number };
type Follower = { sku: string; seen: Seen[]; close(): void };

/** A connection of its own, as each browser has one. A stream that ends before it is closed fails the bench. */
function follow({ system }: BenchSystem, sku: string): Follower {
  const seen: Seen[] = [];
  const headers = { authorization: `Bearer ${system.tokens.owner}` };
  const url = new URL(`/live/stock?sku=${sku}`, system.graphqlUrl);
  let isClosed = false;
  const lost = (why: unknown): void => {
    if (!isClosed) throw new Error(`the stream of ${sku} was lost: ${String(why)}`);
  };
  let asked: ClientRequest;
  const open = (): void => {
    asked = request(url, { agent: false, headers }, (answer) => {
      // Thousands at once are more than a caller's share: each comes back when it is told to.
      if (answer.statusCode === 429) return comeBack(answer);
      if (answer.statusCode !== 200) lost(answer.statusCode);
      readInto(seen, answer);
      answer.on('end', () => lost('it ended'));
    });
    asked.on('error', lost).end();
  };
  const comeBack = (answer: IncomingMessage): void => {
    answer.resume();
    setTimeout(open, Number(answer.headers['retry-after']) * 1000);
  };
  open();
  const close = (): void => {
    isClosed = true;
    asked.destroy();
  };
  return { sku, seen, close };
}

function readInto(seen: Seen[], answer: IncomingMessage): void {
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (text + chunk).split('\n\n');
    text = parts.pop()!;
    for (const part of parts) {
      const onHand = /"sku".*?"onHand":(\d+)/.exec(part)?.[1];
      if (onHand) seen.push({ onHand: Number(onHand), at: Date.now() });
    }
  });
}

async function sellAtRate(
  { shop }: BenchSystem,
  skus: string[],
  load: { rate: number; seconds: number },
): Promise<number> {
  return atRate(load, async (index) => {
    const sku = skus[index % skus.length]!;
    const sold = await shop.record({ channel: 'WEB', sku }, { amount: '10.00' });
    if (sold.__typename !== 'SaleRecordSuccess') throw new Error(JSON.stringify(sold));
  });
}

/** When the sales of each SKU were committed, the first one first. The databases are on this machine's clock. */
async function commitsBySku({ sources }: BenchSystem): Promise<Map<string, number[]>> {
  const rows = await sources.rows<{ sku: string; at: number }>(
    'pos',
    `SELECT data->'lines'->0->>'sku' AS sku, extract(epoch FROM occurred_at)::float8 * 1000 AS at
     FROM outbox WHERE type = 'pos.sale-committed' ORDER BY occurred_at`,
  );
  const bySku = Map.groupBy(rows, ({ sku }) => sku);
  return new Map([...bySku].map(([sku, sold]) => [sku, sold.map(({ at }) => at)]));
}

const firstWithout = ({ seen }: Follower, sold: number): Seen | undefined =>
  seen.find(({ onHand }) => onHand <= seen[0]!.onHand - sold);

const hasAll = (each: Follower, committed: Map<string, number[]>): boolean =>
  firstWithout(each, committed.get(each.sku)?.length ?? 0) !== undefined;

const delaysOf = (each: Follower, committed: Map<string, number[]>): number[] =>
  (committed.get(each.sku) ?? []).map((at, index) => firstWithout(each, index + 1)!.at - at);

function memory({ system }: BenchSystem): Record<string, number> {
  const { gateway, inventory } = system.pids();
  return { gateway: Math.round(rssMb(gateway!)), inventory: Math.round(rssMb(inventory!)) };
}
