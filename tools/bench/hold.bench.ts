import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'undici';
import { createDatabase } from '@onecount/db';
import { createInternalTokenSigner } from '@onecount/identity';
import { tenantA } from '@onecount/local-stack';
import { createHoldService } from '../../apps/inventory/src/kernel/hold/hold.service.ts';
import { analyze } from './analyze.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { startServer } from './child.ts';
import { addTimes, cpuBetween, perOperation, readCpu, total, type CpuTimes } from './cpu.ts';
import { fillHoldStock } from './hold/hold-stock.ts';
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
type Piece = { sku: string; serial?: string };
/** What each form holds: one hot SKU, one of many SKUs, the next unit of one SKU. */
type Pieces = { hot(): Piece; spread(): Piece; unit(): Piece };

const poolMax = 10;

/**
 * One SKU, 64 callers: the service's own way against the textbook's (BEGIN, SELECT … FOR UPDATE, UPDATE,
 * INSERT, COMMIT), of any unit and of a named one each, in process and through the subgraph's HTTP; and the
 * one SKU against 10,000. In turns within one run. The pools are of the same size, fsync is on.
 */
export const holdBench: Bench = {
  help: 'holds a second on one SKU with 64 callers, against the naive form [--seconds 5 --turns 2 --items 10000 --units 150000]',
  async run(options) {
    return withSystem(async (bench) => {
      const pieces = await piecesOf(bench, options);
      const inProcess = await measureInProcess(bench, pieces, options);
      const http = await measureHttp(bench, pieces, options);
      const perS = (rows: Row[], index: number): number => rows[index]!.holdsPerS;
      return {
        ratioInProcess: round(perS(inProcess, 0) / perS(inProcess, 1)),
        ratioHttp: round(perS(http, 0) / perS(http, 1)),
        hotToSpread: round(perS(inProcess, 0) / perS(inProcess, 2)),
        ratioSpecific: round(perS(inProcess, 3) / perS(inProcess, 4)),
        ratioSpecificHttp: round(perS(http, 2) / perS(http, 3)),
        rows: [...inProcess, ...http],
      };
    });
  },
};

async function piecesOf({ shop, system }: BenchSystem, options: BenchOptions): Promise<Pieces> {
  const [hot = ''] = await createSkus(shop, 1);
  const stock = await fillHoldStock(system.databases['inventory']!.url, {
    tenantId: tenantA,
    items: options.number('items', 10_000),
    units: options.number('units', 150_000),
  });
  await analyze(system.postgres.adminUrl(system.databases['inventory']!.database));
  return {
    hot: () => ({ sku: hot }),
    spread: () => ({ sku: stock.spreadSku() }),
    unit: () => ({ sku: stock.serialSku, serial: stock.nextSerial() }),
  };
}

async function measureInProcess(
  bench: BenchSystem,
  pieces: Pieces,
  options: BenchOptions,
): Promise<Row[]> {
  const { system } = bench;
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
  const input = { quantity: 1, kind: 'SOFT' as const, holdSeconds: 900, purpose: 'BASKET' };
  const ours = (name: string, pieceOf: () => Piece): Form => ({
    name: `in process${name}`,
    pids,
    async place(idempotencyKey) {
      const outcome = await holds.create(caller, { ...input, ...pieceOf(), idempotencyKey });
      if (!('hold' in outcome)) throw new Error(JSON.stringify(outcome));
    },
  });
  const theirs = (name: string, pieceOf: () => Piece): Form => ({
    name: `in process, naive${name}`,
    pids,
    async place() {
      const { sku, serial } = pieceOf();
      await naive.place(tenantA, sku, serial);
    },
  });
  try {
    return await inTurns(bench, options, [
      ours('', pieces.hot),
      theirs('', pieces.hot),
      ours(', many SKUs', pieces.spread),
      ours(', named units', pieces.unit),
      theirs(', named units', pieces.unit),
    ]);
  } finally {
    await naive.close();
    await db.close();
  }
}

const holdCreate = `mutation ($input: HoldCreateInput!) { holdCreate(input: $input) {
  ... on HoldCreateSuccess { hold { id } } } }`;

async function measureHttp(
  bench: BenchSystem,
  pieces: Pieces,
  options: BenchOptions,
): Promise<Row[]> {
  const { system } = bench;
  const gatewayEnv = environmentOf(system.services.gateway.pid()!);
  const signer = createInternalTokenSigner({
    service: 'gateway',
    privateJwk: JSON.parse(gatewayEnv['INTERNAL_SIGNING_KEY']!),
  });
  const token = (): Promise<string> =>
    signer.tokenFor({ audience: 'inventory', tenantId: tenantA, subject: 'bench', scopes });
  const inventory = system.services.inventory;
  const env = environmentOf(inventory.pid()!);
  const naive = await startServer(join(import.meta.dirname, 'hold/naive-subgraph.ts'), env);
  const pools = [new Pool(inventory.url), new Pool(new URL(naive.url).origin)];
  const postgres = system.postgres.pid();
  const form = (name: string, side: 0 | 1, pieceOf: () => Piece): Form => ({
    name: `through HTTP${side === 0 ? '' : ', naive'}${name}`,
    pids: side === 0 ? { inventory: inventory.pid()!, postgres } : { naive: naive.pid, postgres },
    place: (key) => post(pools[side]!, { token, piece: pieceOf(), key }),
  });
  try {
    return await inTurns(bench, options, [
      form('', 0, pieces.hot),
      form('', 1, pieces.hot),
      form(', named units', 0, pieces.unit),
      form(', named units', 1, pieces.unit),
    ]);
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
    await naive.stop();
  }
}

const scopes = new Set(['stock:write']);

type HoldRequest = { token(): Promise<string>; piece: Piece; key: string };

async function post(pool: Pool, { token, piece, key }: HoldRequest): Promise<void> {
  const { body } = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
    body: JSON.stringify({
      query: holdCreate,
      variables: { input: { ...piece, quantity: 1, idempotencyKey: key } },
    }),
  });
  const text = await body.text();
  if (!text.includes('"id"')) throw new Error(text);
}

/** A, B, A, B: what the machine does to one it does to the other. */
// What a form changed goes out as events, and everybody reads them: that is over before the next one is measured.
async function inTurns(
  { drained }: BenchSystem,
  options: BenchOptions,
  forms: Form[],
): Promise<Row[]> {
  const seconds = options.number('seconds', 5);
  const turns = options.number('turns', 2);
  const sums = forms.map(() => ({ holds: 0, seconds: 0, cpu: {} as CpuTimes, p99Ms: 0 }));
  for (const form of forms)
    await runLoad({ clients: 64, seconds: 1 }, () => form.place(randomUUID()));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, form] of forms.entries()) {
      await drained();
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
