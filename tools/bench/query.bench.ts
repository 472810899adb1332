import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { tenantA } from '@onecount/local-stack';
import type { Bench, BenchOptions } from './bench.ts';
import { deployedEnv, withSystem, type BenchSystem } from './bench-system.ts';
import { startServer, type BenchServer } from './child.ts';
import { addTimes, cpuBetween, perOperation, readCpu, total, type CpuTimes } from './cpu.ts';
import { round, runLoad } from './load.ts';
import { environmentOf } from './service-env.ts';

const page = `query Page($first: Int!) { products(first: $first) {
  edges { cursor node { id title handle status variants(first: 10) { nodes {
    id sku fullTitle price { amount currencyCode } stock { id onHand committed available } } } } }
  pageInfo { hasNextPage endCursor } } }`;
const variables = { first: 5 };
const clients = 16;
const failedMax = 100;

type Setup = {
  name: string;
  pids: Record<string, number>;
  failed: number;
  ask(): Promise<void>;
  answer(): Promise<unknown>;
};
type Sum = { requests: number; seconds: number; p99Ms: number; cpu: CpuTimes };

/**
 * A page of 5 products × 4 variants with the stock of each, which is in another service: our gateway and
 * subgraphs against ApolloGateway and standalone ApolloServers over the same resolvers and the same data,
 * in turns within one run. Both sides must give the same answer.
 */
export const queryBench: Bench = {
  help: 'a federated page against a stock Apollo set-up of the same subgraphs [--seconds 6 --turns 3 --warmup 5]',
  async run(options) {
    return withSystem(async (bench) => {
      await createPage(bench);
      const stock = await startStock(bench);
      try {
        const setups = [oursOf(bench), stock.setup];
        await assertSameAnswer(setups);
        const [ours, theirs] = await inTurns(options, setups);
        return { ...figures(options, ours!, theirs!), failedOfStock: stock.setup.failed };
      } finally {
        await stock.stop();
      }
    });
  },
};

function figures(options: BenchOptions, ours: Sum, theirs: Sum): Record<string, unknown> {
  const describe = (sum: Sum) => ({
    cpuMs: round(total(sum.cpu) / sum.requests, 3),
    cpuMsBy: perOperation(sum.cpu, sum.requests),
    requestsPerS: round(sum.requests / sum.seconds),
    p99Ms: sum.p99Ms,
  });
  const [a, b] = [describe(ours), describe(theirs)];
  options.say(`ours: ${JSON.stringify(a)}`);
  options.say(`stock: ${JSON.stringify(b)}`);
  const node = (sum: Sum): number => (total(sum.cpu) - sum.cpu['postgres']!) / sum.requests;
  return {
    cpuMsRatio: round(a.cpuMs / b.cpuMs, 3),
    requestsPerSRatio: round(a.requestsPerS / b.requestsPerS),
    // Without PostgreSQL, whose work is the same on both sides.
    cpuMsRatioWithoutPostgres: round(node(ours) / node(theirs), 3),
    ours: a,
    stock: b,
  };
}

async function createPage({ shop, drained }: BenchSystem): Promise<void> {
  for (let index = 0; index < 5; index += 1) {
    const values = ['S', 'M', 'L', 'XL'];
    await shop.expecting('productCreate', {
      title: `Chain ${index}`,
      status: 'ACTIVE',
      options: [{ name: 'Size', values }],
      variants: values.map((size) => ({
        sku: `CHAIN-${index}-${size}`,
        tracking: 'QUANTITY',
        optionValues: [size],
        price: { amount: '129.00', currencyCode: 'USD' },
        openingStock: [{ locationCode: 'HQ', quantity: 10 }],
      })),
    });
  }
  await drained();
}

function oursOf({ system }: BenchSystem): Setup {
  const { gateway, catalog, inventory } = system.services;
  return setupOf('ours', system.graphqlUrl, {
    token: system.tokens.owner,
    pids: {
      gateway: gateway.pid()!,
      catalog: catalog.pid()!,
      inventory: inventory.pid()!,
      postgres: system.postgres.pid(),
    },
  });
}

async function startStock({
  system,
}: BenchSystem): Promise<{ setup: Setup; stop(): Promise<void> }> {
  const script = (name: string): string => join(import.meta.dirname, `query/${name}.ts`);
  const started: BenchServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    for (const name of ['catalog', 'inventory'] as const) {
      const env = environmentOf(system.services[name].pid()!);
      started.push(await startServer(script('stock-subgraph'), { ...env, BENCH_SERVICE: name }));
    }
    const [catalog, inventory] = started as [BenchServer, BenchServer];
    const settings = {
      urls: { catalog: catalog.url, inventory: inventory.url },
      privateJwk: JSON.parse(
        environmentOf(system.services.gateway.pid()!)['INTERNAL_SIGNING_KEY']!,
      ),
      tenantId: tenantA,
    };
    const gateway = await startServer(script('stock-gateway'), {
      ...deployedEnv,
      BENCH_SUBGRAPHS: JSON.stringify(settings),
      APOLLO_TELEMETRY_DISABLED: 'true',
    });
    started.push(gateway);
    const pids = { gateway: gateway.pid, catalog: catalog.pid, inventory: inventory.pid };
    const postgres = system.postgres.pid();
    return { setup: setupOf('stock', gateway.url, { pids: { ...pids, postgres } }), stop };
  } catch (err) {
    await stop();
    throw err;
  }
}

function setupOf(
  name: string,
  url: string,
  { pids, token }: { pids: Record<string, number>; token?: string },
): Setup {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: clients });
  const body = JSON.stringify({ query: page, variables });
  const post = async (): Promise<string> => {
    const response = await pool.request({
      path: pathname,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body,
    });
    return response.body.text();
  };
  const setup: Setup = { name, pids, failed: 0, ask, answer: async () => JSON.parse(await post()) };
  // The stock set-up drops a request when a kept connection is closed under it after a pause (Node's server
  // keeps one for 5 s, RemoteGraphQLDataSource does not ask again). Counted, and asked again.
  async function ask(): Promise<void> {
    for (;;) {
      const text = await post();
      if (!text.includes('"errors"')) return;
      setup.failed += 1;
      if (setup.failed > failedMax) throw new Error(`${name}: ${text.slice(0, 500)}`);
    }
  }
  return setup;
}

async function assertSameAnswer(setups: Setup[]): Promise<void> {
  const answers = await Promise.all(setups.map((setup) => setup.answer()));
  const [first, ...others] = answers.map((answer) => JSON.stringify(answer));
  if (others.some((other) => other !== first))
    throw new Error(`answers differ: ${answers.join('\n')}`);
  if (first!.match(/"available":10/g)?.length !== 20) throw new Error(`not the page: ${first}`);
}

async function inTurns(options: BenchOptions, setups: Setup[]): Promise<Sum[]> {
  const seconds = options.number('seconds', 6);
  const sums = setups.map((): Sum => ({ requests: 0, seconds: 0, p99Ms: 0, cpu: {} }));
  for (const setup of setups)
    await runLoad({ clients, seconds: options.number('warmup', 5) }, setup.ask);
  const rest = await restOf(setups);
  for (let turn = 0; turn < options.number('turns', 3); turn += 1) {
    for (const [index, setup] of setups.entries()) {
      const before = readCpu(setup.pids);
      const result = await runLoad({ clients, seconds }, setup.ask);
      const spent = cpuBetween(before, readCpu(setup.pids));
      const sum = sums[index]!;
      sum.requests += result.operations;
      sum.seconds += result.seconds;
      sum.p99Ms = Math.max(sum.p99Ms, result.p99Ms);
      addTimes(sum.cpu, withoutRest(spent, rest[index]!, result.seconds));
    }
  }
  return sums;
}

const restSeconds = 6;

/**
 * CPU-ms a second of each process while nobody asks: relays, consumers and the polling of PostgreSQL, which
 * the stock subgraphs do not do. It is taken off both sides, or the slower one would be charged for more of it.
 */
async function restOf(setups: Setup[]): Promise<CpuTimes[]> {
  const before = setups.map((setup) => readCpu(setup.pids));
  await delay(restSeconds * 1000);
  return setups.map((setup, index) => {
    const spent = cpuBetween(before[index]!, readCpu(setup.pids));
    return perOperation(spent, restSeconds);
  });
}

function withoutRest(spent: CpuTimes, rest: CpuTimes, seconds: number): CpuTimes {
  const entries = Object.entries(spent);
  return Object.fromEntries(entries.map(([name, ms]) => [name, ms - rest[name]! * seconds]));
}
