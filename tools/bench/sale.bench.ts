import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, BenchOptions } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { cpuBetween, perOperation, total, type CpuTimes } from './cpu.ts';
import { round, runLoad, type LoadResult } from './load.ts';

type Row = LoadResult & {
  skus: number;
  clients: number;
  cpuMsPerSale: number;
  /** Without what the processes spend at rest in the same time: what one more sale costs. */
  cpuMsAboveIdle: number;
  cpuMsBy: CpuTimes;
};

/**
 * Paid one-line sales through the gateway: open, add a line (which takes the hold), commit with a tender.
 * The CPU of a sale is that of all processes until its last event was applied by its last consumer, the
 * idle polling of that time included.
 */
export const saleBench: Bench = {
  help: 'paid sales a second, 1 hot SKU and 1,000, 1/8/32 clients [--seconds 6 --skus 1000]',
  async run(options) {
    const skuCount = options.number('skus', 1000);
    const seconds = options.number('seconds', 6);
    return withSystem(async (bench) => {
      const skus = await createSkus(bench.shop, skuCount);
      const registerIds = await openRegisters(bench, 32);
      const idle = { msPerS: 0 };
      const run = (part: string[], clients: number, forSeconds = seconds): Promise<Row> =>
        measure(bench, { skus: part, clients, seconds: forSeconds, registerIds, idle });
      await run(skus, 8, Math.min(seconds, 5));
      idle.msPerS = await idleCpu(bench);
      options.say(`at rest: ${idle.msPerS} CPU-ms a second`);
      const rows: Row[] = [];
      for (const part of [skus.slice(0, 1), skus]) {
        for (const clients of [1, 8, 32]) {
          const row = await run(part, clients);
          rows.push(row);
          report(options, row);
        }
      }
      await bench.assertSound();
      const headline = rows.find((row) => row.skus === skuCount && row.clients === 8)!;
      return {
        cpuMsPerSale: headline.cpuMsPerSale,
        salesPerS: headline.perSecond,
        p99Ms: headline.p99Ms,
        cpuMsAboveIdle: headline.cpuMsAboveIdle,
        idleCpuMsPerS: idle.msPerS,
        headline: `${skuCount} SKUs, 8 clients`,
        rows,
      };
    });
  },
};

async function openRegisters({ shop }: BenchSystem, count: number): Promise<string[]> {
  const registerIds: string[] = [];
  for (let index = 0; index < count; index += 1) registerIds.push(await shop.openRegister());
  return registerIds;
}

type Load = {
  skus: string[];
  clients: number;
  seconds: number;
  registerIds: string[];
  idle: { msPerS: number };
};

const idleSeconds = 5;

async function idleCpu(bench: BenchSystem): Promise<number> {
  await bench.drained();
  const before = bench.cpu();
  await delay(idleSeconds * 1000);
  return round(total(cpuBetween(before, bench.cpu())) / idleSeconds);
}

async function measure(bench: BenchSystem, load: Load): Promise<Row> {
  await bench.drained();
  const startedAt = performance.now();
  const before = bench.cpu();
  const result = await runLoad(load, async (client, turn) => {
    const sku = load.skus[(client * 7919 + turn) % load.skus.length]!;
    const registerId = load.registerIds[client % load.registerIds.length];
    const sold = await bench.shop.buy({ channel: 'COUNTER', registerId, sku });
    if (sold.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(sold));
  });
  await bench.drained();
  const spent = cpuBetween(before, bench.cpu());
  const idleMs = (load.idle.msPerS * (performance.now() - startedAt)) / 1000;
  return {
    skus: load.skus.length,
    clients: load.clients,
    ...result,
    cpuMsPerSale: round(total(spent) / result.operations),
    cpuMsAboveIdle: round((total(spent) - idleMs) / result.operations),
    cpuMsBy: perOperation(spent, result.operations),
  };
}

function report({ say }: BenchOptions, row: Row): void {
  const parts = Object.entries(row.cpuMsBy).map(([name, ms]) => `${name} ${ms}`);
  say(
    `${row.skus} SKU(s), ${row.clients} client(s): ${row.perSecond} sales/s, p50 ${row.p50Ms} ms, ` +
      `p95 ${row.p95Ms}, p99 ${row.p99Ms}; ${row.cpuMsPerSale} CPU-ms a sale, ` +
      `${row.cpuMsAboveIdle} above idle (${parts.join(', ')})`,
  );
}
