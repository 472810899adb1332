import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'undici';
import { createDatabase } from '@onecount/db';
import { createInternalTokenSigner } from '@onecount/identity';
import { tenantA } from '@onecount/local-stack';
import { createHoldService } from '../../apps/inventory/src/hold/hold.service.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { startServer } from './child.ts';
import { addTimes, cpuBetween, perOperation, readCpu, total, type CpuTimes } from './cpu.ts';
import { createNaiveHolds } from './hold/naive-hold.ts';
import { round, runLoad } from './load.ts';
import { environmentOf } from './service-env.ts';

type Place = (key: string) => Promise<void>;
type Form = { name: string; pids: Record<string, number>; place: Place };
type Row = {
  name: string;
  holdsPerS: number;
  p99Ms: number;
  cpuMsPerHold: number;
  cpuMsBy: CpuTimes;
};

const poolMax = 10;

/**
 * One SKU, 64 callers: the service's own way against the textbook's (BEGIN, SELECT … FOR UPDATE, UPDATE,
 * INSERT, COMMIT), in process and through the subgraph's HTTP, in turns within one run. The pools are of
 * the same size, fsync is on.
 */
export const holdBench: Bench = {
  help: 'holds a second on one SKU with 64 callers, against the naive form [--seconds 5 --turns 2]',
  async run(options) {
    return withSystem(async (bench) => {
      const [sku = ''] = await createSkus(bench.shop, 1);
      const inProcess = await measureInProcess(bench, sku, options);
      const http = await measureHttp(bench, sku, options);
      const [service, naive, httpService, httpNaive] = [...inProcess, ...http];
      return {
        ratioInProcess: round(service!.holdsPerS / naive!.holdsPerS),
        ratioHttp: round(httpService!.holdsPerS / httpNaive!.holdsPerS),
        rows: [...inProcess, ...http],
      };
    });
  },
};

async function measureInProcess(
  { system }: BenchSystem,
  sku: string,
  options: BenchOptions,
): Promise<Row[]> {
  const url = system.databases['inventory']!.url;
  const onPoolError = (err: Error): void => options.say(err.message);
  const db = await createDatabase({ url, applicationName: 'bench', poolMax, onPoolError });
  const holds = createHoldService({ db, inFlightMax: 6 });
  const naive = createNaiveHolds({ url, poolMax });
  const caller = {
    tenantId: tenantA,
    subject: 'bench',
    scopes: new Set(['stock:write']),
    issuer: 'gateway',
  };
  const pids = { bench: process.pid, postgres: system.postgres.pid() };
  const input = { sku, quantity: 1, kind: 'SOFT' as const, holdSeconds: 900, purpose: 'BASKET' };
  try {
    return await inTurns(options, [
      {
        name: 'in process',
        pids,
        async place(idempotencyKey) {
          const outcome = await holds.create(caller, { ...input, idempotencyKey });
          if (!('hold' in outcome)) throw new Error(JSON.stringify(outcome));
        },
      },
      {
        name: 'in process, naive',
        pids,
        place: async () => void (await naive.place(tenantA, sku)),
      },
    ]);
  } finally {
    await naive.close();
    await db.close();
  }
}

const holdCreate = `mutation ($input: HoldCreateInput!) { holdCreate(input: $input) {
  ... on HoldCreateSuccess { hold { id } } } }`;

async function measureHttp(
  { system }: BenchSystem,
  sku: string,
  options: BenchOptions,
): Promise<Row[]> {
  const gatewayEnv = environmentOf(system.services.gateway.pid()!);
  const signer = createInternalTokenSigner({
    service: 'gateway',
    privateJwk: JSON.parse(gatewayEnv['INTERNAL_SIGNING_KEY']!),
  });
  const tokenOf = (): Promise<string> =>
    signer.tokenFor({ audience: 'inventory', tenantId: tenantA, subject: 'bench', scopes });
  const inventory = system.services.inventory;
  const env = environmentOf(inventory.pid()!);
  const naive = await startServer(join(import.meta.dirname, 'hold/naive-subgraph.ts'), env);
  const pools = [new Pool(inventory.url), new Pool(new URL(naive.url).origin)];
  const postgres = system.postgres.pid();
  try {
    return await inTurns(options, [
      {
        name: 'through HTTP',
        pids: { inventory: inventory.pid()!, postgres },
        place: (key) => post(pools[0]!, { token: tokenOf, sku, key }),
      },
      {
        name: 'through HTTP, naive',
        pids: { naive: naive.pid, postgres },
        place: (key) => post(pools[1]!, { token: tokenOf, sku, key }),
      },
    ]);
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
    await naive.stop();
  }
}

const scopes = new Set(['stock:write']);

type HoldRequest = { token(): Promise<string>; sku: string; key: string };

async function post(pool: Pool, { token, sku, key }: HoldRequest): Promise<void> {
  const { body } = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
    body: JSON.stringify({
      query: holdCreate,
      variables: { input: { sku, quantity: 1, idempotencyKey: key } },
    }),
  });
  const text = await body.text();
  if (!text.includes('"id"')) throw new Error(text);
}

/** A, B, A, B: what the machine does to one it does to the other. */
async function inTurns(options: BenchOptions, forms: Form[]): Promise<Row[]> {
  const seconds = options.number('seconds', 5);
  const turns = options.number('turns', 2);
  const sums = forms.map(() => ({ holds: 0, seconds: 0, cpu: {} as CpuTimes, p99Ms: 0 }));
  for (const form of forms)
    await runLoad({ clients: 64, seconds: 1 }, () => form.place(randomUUID()));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, form] of forms.entries()) {
      const before = readCpu(form.pids);
      const result = await runLoad({ clients: 64, seconds }, () => form.place(randomUUID()));
      const sum = sums[index]!;
      addTimes(sum.cpu, cpuBetween(before, readCpu(form.pids)));
      sum.holds += result.operations;
      sum.seconds += result.seconds;
      sum.p99Ms = Math.max(sum.p99Ms, result.p99Ms);
    }
  }
  return forms.map(({ name }, index) => {
    const sum = sums[index]!;
    const row = {
      name,
      holdsPerS: round(sum.holds / sum.seconds),
      p99Ms: sum.p99Ms,
      cpuMsPerHold: round(total(sum.cpu) / sum.holds, 3),
      cpuMsBy: perOperation(sum.cpu, sum.holds),
    };
    options.say(
      `${name}: ${row.holdsPerS} holds/s, p99 ${row.p99Ms} ms, ${row.cpuMsPerHold} CPU-ms a hold ` +
        JSON.stringify(row.cpuMsBy),
    );
    return row;
  });
}
